import { isFree } from '#lib/tiles/keys.ts'

const TILES = '.kpi, .tile'
/** What takes arrow keys in a tile: a chart over time, a grid, a tree. */
const WITH_CURSOR = '[tabindex="0"]'

/** J and K go from tile to tile, an arrow steps into the one that has the focus, Esc steps out again. */
export function walk(sheet: HTMLElement | undefined, event: KeyboardEvent) {
  if (!sheet || !isFree(event) || event.shiftKey) return
  const focused = document.activeElement?.closest<HTMLElement>(TILES) ?? null
  const isOnTile = focused !== null && document.activeElement === focused

  if (event.key === 'j' || event.key === 'k') {
    event.preventDefault()
    go(tilesOf(sheet), focused, event.key === 'j' ? 1 : -1)
  } else if (isOnTile && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    const chart = focused.querySelector<HTMLElement>(WITH_CURSOR)
    if (!chart) return
    event.preventDefault()
    chart.focus()
    chart.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true }))
  } else if (event.key === 'Escape' && focused && !document.querySelector('details[open]')) {
    if (isOnTile) focused.blur()
    else focused.focus({ preventScroll: true })
  }
}

/** As they stand on the screen, which on a wide one is not the order they are written in. */
function tilesOf(sheet: HTMLElement) {
  return [...sheet.querySelectorAll<HTMLElement>(TILES)]
    .map((tile) => ({ tile, box: tile.getBoundingClientRect() }))
    .toSorted((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
    .map(({ tile }) => tile)
}

function go(tiles: readonly HTMLElement[], focused: HTMLElement | null, step: 1 | -1) {
  const at = focused ? tiles.indexOf(focused) : -1
  const next = tiles[Math.max(0, Math.min(tiles.length - 1, at + step))]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}
