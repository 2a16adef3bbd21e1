/** Whether a key is meant for this tile: it has the focus, or none has and it is pointed at. Not while somebody types. */
export function isFor(section: HTMLElement | undefined, event: KeyboardEvent, key: string) {
  const isTyping =
    event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog')
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return false
  if (event.key.toLowerCase() !== key || !section) return false

  const focused = document.activeElement?.closest('.tile, .kpi')
  return focused ? focused === section : section.matches(':hover')
}
