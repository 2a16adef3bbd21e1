import type { By, Column, PivotTile, TableTile } from '../../../../dashboards/define.ts'
import type { Scope } from './scope.ts'

/** How a tile is turned: what the address says about it, else its first of each kind. */
export type TableTurn = { by: By; sort: Column; direction: 'asc' | 'desc' }

/** As many rows as one question may have heads for. */
export const PIVOT_ROWS_MAX = 2_000

export function tableTurn({ key, by, columns }: TableTile, { options }: Scope): TableTurn {
  const [column, direction] = (options[`${key}.sort`] ?? '').split('-')
  return {
    by: chosenOf(by, ({ id }) => id, options[`${key}.by`]),
    sort: chosenOf(columns, ({ measure }) => measure, column),
    direction: direction === 'asc' ? 'asc' : 'desc',
  }
}

export function pivotTurn({ key, rows, measures }: PivotTile, { options }: Scope) {
  return {
    rows: chosenOf(rows, ({ id }) => id, options[`${key}.by`]),
    measure: chosenOf(measures, ({ measure }) => measure, options[`${key}.of`]),
    limit: PIVOT_ROWS_MAX,
  }
}

/** The last part of a member is its word in the address: `sales.product_id` is `product_id`. */
export function wordOf(member: string) {
  return member.slice(member.indexOf('.') + 1)
}

function chosenOf<One>(all: readonly One[], member: (one: One) => string, word?: string): One {
  const found = all.find((one) => wordOf(member(one)) === word) ?? all[0]
  if (found === undefined) throw new Error('a tile that can be turned has at least one way to be')
  return found
}
