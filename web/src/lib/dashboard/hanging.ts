import type { Attachment } from 'svelte/attachments'

const MARGIN_PX = 8

/**
 * A list under a chip. The bar scrolls sideways on a phone, which would cut the list off, so it hangs
 * from the window instead; a click elsewhere, Esc or scrolling the page away shuts it.
 */
export const hanging: Attachment<HTMLDetailsElement> = (chip) => {
  const place = () => {
    const box = chip.getBoundingClientRect()
    const list = chip.querySelector<HTMLElement>('.list')
    if (!list) return
    const right = document.documentElement.clientWidth - list.offsetWidth - MARGIN_PX
    list.style.left = `${Math.max(MARGIN_PX, Math.min(box.left, right))}px`
    list.style.top = `${box.bottom + 4}px`
    if (chip.open) list.querySelector('input')?.focus()
  }
  const close = (event: Event) => {
    const isInside = event.target instanceof Node && chip.contains(event.target)
    if (event instanceof KeyboardEvent ? event.key !== 'Escape' : isInside) return
    if (chip.open && event instanceof KeyboardEvent) chip.querySelector('summary')?.focus()
    chip.open = false
  }
  const shut = () => (chip.open = false)
  chip.addEventListener('toggle', place)
  document.addEventListener('click', close)
  document.addEventListener('keydown', close)
  window.addEventListener('scroll', shut, { passive: true })
  return () => {
    chip.removeEventListener('toggle', place)
    document.removeEventListener('click', close)
    document.removeEventListener('keydown', close)
    window.removeEventListener('scroll', shut)
  }
}

/** A link of the list was followed: the list has done its work. */
export function shut(event: MouseEvent & { currentTarget: HTMLElement }) {
  event.currentTarget.closest('details')?.removeAttribute('open')
}
