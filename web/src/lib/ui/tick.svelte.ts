import type { Attachment } from 'svelte/attachments'

const TICK_MS = 600

/** A live number swaps its digits at once; what changed is marked for a moment, without counting up. */
export function tick(value: () => unknown): Attachment<HTMLElement> {
  return (node) => {
    let before: unknown
    let isFirst = true
    let timer: ReturnType<typeof setTimeout> | undefined

    $effect(() => {
      const now = value()
      if (!isFirst && now !== before) {
        node.classList.add('tick')
        clearTimeout(timer)
        timer = setTimeout(() => node.classList.remove('tick'), TICK_MS)
      }
      isFirst = false
      before = now
    })
    return () => clearTimeout(timer)
  }
}
