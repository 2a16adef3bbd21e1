import type { Attachment } from 'svelte/attachments'

const TICK_MS = 600

type Shown = { text: string; until: number }
const shown = new WeakMap<Element, Shown>()

/** Lets what a live change touched rest on a tinted ground for a moment. The digits swap at once; nothing counts up. */
export function tick(text: string): Attachment<HTMLElement> {
  return (node) => {
    const before = shown.get(node)
    const isChanged = before !== undefined && before.text !== text
    const until = isChanged ? Date.now() + TICK_MS : (before?.until ?? 0)
    shown.set(node, { text, until })

    const rest = until - Date.now()
    node.classList.toggle('changed', rest > 0)
    if (rest <= 0) return
    const timer = setTimeout(() => node.classList.remove('changed'), rest)
    return () => clearTimeout(timer)
  }
}
