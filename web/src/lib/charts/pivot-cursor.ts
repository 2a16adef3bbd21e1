type At = { row: number; column: number }

const PAGE_ROWS = 12

/** Where a key moves the cursor of a grid to; undefined where it is no key of the grid's. */
export function cursorOf(
  key: string,
  at: At | null,
  rows: number,
  columns: number,
): At | null | undefined {
  if (key === 'Escape') return null
  const { row, column } = at ?? { row: 0, column: 0 }
  const moves: Record<string, At> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: at ? row + 1 : row, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: at ? column + 1 : column },
    PageUp: { row: row - PAGE_ROWS, column },
    PageDown: { row: row + PAGE_ROWS, column },
    Home: { row, column: 0 },
    End: { row, column: columns - 1 },
  }
  const next = moves[key]
  if (!next || rows === 0 || columns === 0) return undefined
  return { row: within(next.row, rows), column: within(next.column, columns) }
}

function within(index: number, count: number) {
  return Math.min(count - 1, Math.max(0, index))
}
