/** Whether a key is meant for this tile: it is pointed at or has the focus, and nobody is typing. */
export function isFor(section: HTMLElement | undefined, event: KeyboardEvent, key: string) {
  const isTyping =
    event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog')
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return false
  return event.key.toLowerCase() === key && (section?.matches(':hover, :focus-within') ?? false)
}
