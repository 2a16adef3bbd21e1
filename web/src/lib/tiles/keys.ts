/** Whether a key is nobody's: no field, dialog or shortcut of the browser has it. */
export function isFree(event: KeyboardEvent) {
  const isTyping =
    event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog')
  return !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey
}

/** Whether a key is meant for this tile: it has the focus, or none has and it is pointed at. Not while somebody types. */
export function isFor(section: HTMLElement | undefined, event: KeyboardEvent, key: string) {
  if (!isFree(event) || event.key.toLowerCase() !== key || !section) return false

  const focused = document.activeElement?.closest('.tile, .kpi')
  return focused ? focused === section : section.matches(':hover')
}
