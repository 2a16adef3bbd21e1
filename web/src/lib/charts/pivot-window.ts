/** Every row and column is as high and wide as the others, so where one lies is a product, not a measurement. */
export const ROW_PX = 30
export const COLUMN_PX = 104

/** Drawn beyond the edge, so that a scroll finds its next rows there already. */
const ROWS_BEYOND = 4
const COLUMNS_BEYOND = 1
const NARROW_PX = 560
const NAME_PX = 220
const NAME_NARROW_PX = 132
const SUM_PX = COLUMN_PX + 16
/** Heads and sums stand over the cells. */
const STICKY_ROWS = 3

export type View = { top: number; left: number; width: number; height: number }

/** What of a table of any size is drawn: as many cells as fit on the screen, and a few around them. */
export function windowOf({ top, left, width, height }: View) {
  const isNarrow = width < NARROW_PX
  const name = isNarrow ? NAME_NARROW_PX : NAME_PX
  /** Names, and on wide screens sums, do not scroll sideways. */
  const fixed = isNarrow ? name : name + SUM_PX
  const firstRow = Math.max(0, Math.floor(top / ROW_PX) - ROWS_BEYOND)
  const firstColumn = Math.max(0, Math.floor(left / COLUMN_PX) - COLUMNS_BEYOND)
  return {
    /** No room for sums beside the names. */
    isNarrow,
    name,
    fixed,
    firstRow,
    lastRow: firstRow + Math.ceil(height / ROW_PX) + 2 * ROWS_BEYOND,
    firstColumn,
    lastColumn: firstColumn + Math.ceil((width - fixed) / COLUMN_PX) + 2 * COLUMNS_BEYOND + 1,
  }
}

/** The least scroll that brings a cell into sight. */
export function scrollTo(
  { row, column }: { row: number; column: number },
  { top, left, width, height }: View,
) {
  const { fixed } = windowOf({ top, left, width, height })
  const lowest = (row + STICKY_ROWS) * ROW_PX - height
  const rightmost = fixed + (column + 1) * COLUMN_PX - width
  return {
    top: Math.min(Math.max(top, lowest), row * ROW_PX),
    left: Math.min(Math.max(left, rightmost), column * COLUMN_PX),
  }
}
