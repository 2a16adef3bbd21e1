import type { Figure, LeagueColumn, LeagueTile } from '../../../../dashboards/kinds.ts'
import { addressOf, withOption, type Scope } from './scope.ts'
import { wordOf } from './turn.ts'

export type Way = { title: string; href: string; isOn: boolean }

/** Which of its figures a tile shows: what the address says, else the first. */
export function figureTurn<One extends Figure>(
  key: string,
  ways: readonly One[],
  { options }: Scope,
): One {
  const found = ways.find(({ measure }) => wordOf(measure) === options[`${key}.of`]) ?? ways[0]
  if (found === undefined) throw new Error('a tile that can be turned has at least one way to be')
  return found
}

export function waysOf(
  key: string,
  ways: readonly Figure[],
  scope: Scope,
  language: 'zh' | 'en',
): Way[] {
  const on = figureTurn(key, ways, scope)
  return ways.map((way) => ({
    title: way.title[language],
    href: addressOf(scope, withOption(scope, `${key}.of`, wordOf(way.measure))),
    isOn: way === on,
  }))
}

/** What a ranking is sorted by: what the address says, else its first column, the most first. */
export function leagueTurn(
  { key, columns }: LeagueTile,
  { options }: Scope,
): { column: LeagueColumn; direction: 'asc' | 'desc' } {
  const [word, direction] = (options[`${key}.sort`] ?? '').split('-')
  const column = columns.find(({ measure }) => wordOf(measure) === word) ?? columns[0]
  if (column === undefined) throw new Error('a ranking has at least one column')
  return { column, direction: direction === 'asc' ? 'asc' : 'desc' }
}
