import type { CommissionState, Explanation } from '#lib/api/client.ts'
import type { Result, Row } from '#lib/cube.ts'
import { divideRounded, parseWhole } from '#lib/decimal.ts'
import type { Months } from './period.ts'

/** All decisions of the portal's tiles; the components only draw. Money is bigint cents. */
export type Share = { part: bigint; percent: number }

export type Month = {
  total: bigint
  before: bigint
  own: Share
  below: Share
  /** Cumulative, one per day; this month ends today, whose day is not over. */
  now: Point[]
  then: Point[]
}
export type Point = { day: string; at: number; cents: bigint }

export function prepareMonth([now, before, days]: Row[][], months: Months): Month {
  const total = cents(now?.[0], 'distributors.team_revenue_cents')
  const own = cents(now?.[0], 'distributors.own_revenue_cents')
  const byDay = new Map(
    days?.map((row) => [
      row['distributors.business_day'],
      cents(row, 'distributors.team_revenue_cents'),
    ]),
  )
  return {
    total,
    before: cents(before?.[0], 'distributors.team_revenue_cents'),
    ...split(own, total),
    now: cumulate(byDay, months.start, Number(months.today.slice(8))),
    then: cumulate(byDay, months.before_start, months.before_days),
  }
}

/** A day without sales adds nothing: the line goes on level, it has no gap. */
function cumulate(byDay: Map<string | null | undefined, bigint>, start: string, days: number) {
  let sum = 0n
  return Array.from({ length: days }, (_, index): Point => {
    const day = `${start.slice(0, 8)}${String(index + 1).padStart(2, '0')}`
    sum += byDay.get(day) ?? 0n
    return { day, at: index + 1, cents: sum }
  })
}

export const STATES: CommissionState[] = ['pending', 'frozen', 'available', 'paid']
/** What stands in a state: from his own sales (level 1), from sales right below him (level 2). */
export type Part = { level: 1 | 2; cents: bigint }
export type Rung = { state: CommissionState; cents: bigint; parts: Part[] }

export function prepareLadder([rows]: Row[][]): Rung[] {
  return STATES.map((state) => {
    const parts = ([1, 2] as const).map((level): Part => {
      const row = rows?.find(
        (one) => one['commissions.state'] === state && Number(one['commissions.level']) === level,
      )
      return {
        level,
        cents: cents(row, 'commissions.amount_cents'),
      }
    })
    return {
      state,
      parts,
      cents: parts.reduce((sum, part) => sum + part.cents, 0n),
    }
  })
}

export type LedgerPart = {
  part: Explanation['parts'][number]['part']
  lines: number
  cents: bigint
}

/** Earned directly and at the second level always, nothing included; taken back only where something was. */
export function prepareParts(parts: Explanation['parts']): LedgerPart[] {
  return (['direct', 'second_level', 'taken_back'] as const).flatMap((name) => {
    const found = parts.find(({ part }) => part === name)
    if (!found && name === 'taken_back') return []
    return [{ part: name, lines: found?.lines ?? 0, cents: BigInt(found?.amount_cents ?? 0) }]
  })
}

export type Child = { id: number; name: string; status: string }
export type Mate = {
  key: string
  name: string
  /** How many this row stands for; 1 for a row of its own. */
  members: number
  team: bigint
  own: bigint
  before: bigint
  orders: bigint
  /** Nothing sold by him or his team for long; who is new is not yet quiet. */
  isQuiet: boolean
}

/**
 * The best first. The rest is one row, so that the rows still add up to what is below; those who
 * sold nothing in both months are in it too, because a quiet team is news.
 */
export function prepareTeam(
  children: Child[],
  [now, before]: Row[][],
  top: number,
  quiet: ReadonlySet<string> = new Set(),
) {
  const current = byDistributor(now)
  const earlier = byDistributor(before)
  const mates = children
    .filter((child) => child.status === 'active' || current.has(String(child.id)))
    .map((child): Mate => {
      const row = current.get(String(child.id))
      return {
        key: String(child.id),
        name: child.name,
        members: 1,
        team: cents(row, 'distributors.team_revenue_cents'),
        own: cents(row, 'distributors.own_revenue_cents'),
        before: cents(earlier.get(String(child.id)), 'distributors.team_revenue_cents'),
        orders: cents(row, 'distributors.team_order_count'),
        isQuiet: quiet.has(String(child.id)),
      }
    })
    .sort(
      (a, b) =>
        compare(b.team, a.team) || compare(b.before, a.before) || a.name.localeCompare(b.name),
    )

  // A rest of one is no shorter than the one himself.
  if (mates.length <= top + 1) return mates
  return [...mates.slice(0, top), together(mates.slice(top))]
}

function together(mates: Mate[]): Mate {
  const sum = (pick: (mate: Mate) => bigint) => mates.reduce((all, mate) => all + pick(mate), 0n)
  return {
    key: 'rest',
    name: '',
    members: mates.length,
    team: sum((mate) => mate.team),
    own: sum((mate) => mate.own),
    before: sum((mate) => mate.before),
    orders: sum((mate) => mate.orders),
    isQuiet: false,
  }
}

function byDistributor(rows: Row[] | undefined) {
  return new Map(rows?.map((row) => [row['distributors.distributor_id'], row]))
}

export type Rank = {
  place: bigint
  siblings: bigint
  /** By own sales, of the whole company. */
  overall: bigint
  /** Places won since the last month by now; below zero lost, null where there was none to compare. */
  won: bigint | null
}

/** Of the rank's answers the third: who below has gone quiet. */
export function prepareQuiet(rows: Row[][] | null): ReadonlySet<string> {
  return new Set(
    rows?.[2]?.flatMap((row) => row['distributor_performance.distributor_id'] ?? []) ?? [],
  )
}

/** null: nobody has a place before he sells, or beside whom he stands is not known. */
export function prepareRank([now, before]: Row[][]): Rank | null {
  // Of no rows the least place is none: who had not joined yet was not in the list.
  const read = (row: Row | undefined, name: string) => {
    const place = parseWhole(row?.[`distributor_performance.${name}`]) ?? 0n
    return place < 1n ? null : place
  }
  const place = read(now?.[0], 'sibling_rank')
  const overall = read(now?.[0], 'rank')
  if (place === null || overall === null) return null
  const earlier = read(before?.[0], 'sibling_rank')
  return {
    ...{ place, overall },
    siblings: read(now?.[0], 'sibling_count') ?? 1n,
    won: earlier === null ? null : earlier - place,
  }
}

/** The rows of a panel's answers; null while one of them is missing. */
export function rowsOf(results: Result[] | undefined): Row[][] | null {
  const answers = (results ?? []).flatMap((result) => (result.ok ? [result.answer.rows] : []))
  return results !== undefined && answers.length === results.length ? answers : null
}

export function cents(row: Row | undefined, member: string): bigint {
  return parseWhole(row?.[member]) ?? 0n
}

/** Two shares that add up to 100.0 as printed; of nothing both are nothing. */
function split(own: bigint, total: bigint): { own: Share; below: Share } {
  const below = total - own
  if (total <= 0n) return { own: { part: own, percent: 0 }, below: { part: below, percent: 0 } }
  const tenths = Number(divideRounded(own * 1000n, total))
  const percent = Math.min(100, Math.max(0, tenths / 10))
  return {
    own: { part: own, percent },
    below: { part: below, percent: Math.round((100 - percent) * 10) / 10 },
  }
}

function compare(a: bigint, b: bigint) {
  return a < b ? -1 : a > b ? 1 : 0
}
