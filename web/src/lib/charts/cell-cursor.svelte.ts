/** One cell of a grid is in the tab order; arrow keys move on to the others, past cells that are empty. */
export class CellCursor {
  #row = $state(0)
  #column = $state(0)

  tabindex(row: number, column: number) {
    return row === this.#row && column === this.#column ? 0 : -1
  }

  stand(row: number, column: number) {
    this.#row = row
    this.#column = column
  }

  move(event: KeyboardEvent & { currentTarget: HTMLElement }) {
    const step = steps[event.key]
    const cell = event.target instanceof HTMLElement ? event.target.closest('[data-cell]') : null
    if (!step || !cell) return
    const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-cell]')]
    const next = nextOf(cells.map(placeOf), placeOf(cell), step)
    event.preventDefault()
    const found = cells.find((each) => each.dataset.cell === next?.join())
    found?.focus()
  }
}

type Place = [row: number, column: number]

const steps: Partial<Record<string, Place>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** The nearest cell in that direction, in the same row or column. */
export function nextOf(places: readonly Place[], from: Place, [down, right]: Place): Place | null {
  const ahead = places.filter(([row, column]) =>
    down === 0
      ? row === from[0] && (column - from[1]) * right > 0
      : column === from[1] && (row - from[0]) * down > 0,
  )
  const distance = ([row, column]: Place) => Math.abs(row - from[0]) + Math.abs(column - from[1])
  return ahead.reduce<Place | null>(
    (best, place) => (best === null || distance(place) < distance(best) ? place : best),
    null,
  )
}

function placeOf(cell: Element): Place {
  const [row = 0, column = 0] = (cell.getAttribute('data-cell') ?? '').split(',').map(Number)
  return [row, column]
}
