/**
 * Questions about whole business days are answered from what the fact table keeps of each day (its projections
 * `day_*`), all others from the entries themselves. Cube writes the same SQL for both: put before it, a table
 * expression named as the ledger holds rows that look like entries, one for each day and group instead of thousands,
 * and one for each paid order. The engine takes projections only for parts that have them and reads young parts row
 * by row in the same snapshot, so both ways say the same at every moment.
 */
import type { Scope } from './access.ts'
import type { ViewMeta } from './cube.ts'
import { GRAINS, keptMembers, LEDGER_COLUMNS } from './kept.ts'
import { membersOf, type CubeQuery } from './query.ts'

export type Daily = {
  columns: readonly string[]
  withOrders: boolean
  withDay: boolean
  bucket: Bucket
  days: Days | null
  zone: string
}

export type Bucket = 'all' | 'day' | 'week' | 'month' | 'quarter' | 'year'
type Days = { from: string; to: string }

/** For less than a week the entries are as quick: they lie in the order of their seconds. */
const DAYS_MIN = 7
const DAY_MS = 86_400_000
const GRANULARITIES: readonly Bucket[] = ['day', 'week', 'month', 'quarter', 'year']
/** Stands for every day, where nobody asks which. */
const SOME_DAY = '2000-01-01'

const START_OF: Record<Bucket, string> = {
  all: '',
  day: 'business_day',
  week: 'toDate32(toMonday(business_day))',
  month: 'toDate32(toStartOfMonth(business_day))',
  quarter: 'toDate32(toStartOfQuarter(business_day))',
  year: 'toDate32(toStartOfYear(business_day))',
}

export type ToDaily = (query: CubeQuery, scope: Scope, zone: string) => Daily | null

/** Decides for a query whose ranges are snapped; null means the entries themselves. */
export function createToDaily(views: ViewMeta[]): ToDaily {
  const members = keptMembers(views)

  return (query, scope, zone) => {
    if (query.timezone !== undefined && query.timezone !== zone) return null
    if (!query.measures?.length) return null
    // A moment that is grouped or filtered by as such is finer than any day.
    const named = membersOf({ ...query, timeDimensions: [], order: [] })
    const kept = [...named].map((name) => members.get(name))
    if (!kept.every((member) => member !== undefined && !member.isTime)) return null
    const time = timeOf(query, (name) => members.get(name)?.isTime === true)
    if (time === null) return null
    const columns = new Set(kept.flatMap((member) => member?.columns ?? []))
    if (scope.rows !== 'all') columns.add('ancestor_ids')
    if (!GRAINS.some((grain) => [...columns].every((column) => grain.includes(column)))) return null
    const withDay = kept.some((member) => member?.isDay === true)
    return {
      columns: [...columns].toSorted(),
      withOrders: kept.some((member) => member?.isOrders === true),
      withDay,
      bucket: withDay ? 'day' : time.bucket,
      days: time.days,
      zone,
    }
  }
}

/**
 * Whether nothing that is kept can answer: what is compared with seconds is in no projection of the journal's. The
 * engine weighs each of them all the same, in as much time as it takes to read a day.
 */
export function createIsOfEntries(views: ViewMeta[]): (query: CubeQuery) => boolean {
  const members = keptMembers(views)

  return (query) => {
    const [time, ...others] = query.timeDimensions ?? []
    if (time?.dateRange === undefined || others.length > 0) return false
    if (members.get(time.dimension)?.isTime !== true) return false
    return [...membersOf(query)].every((name) => members.has(name))
  }
}

type Time = { bucket: Bucket; days: Days | null }

function timeOf(query: CubeQuery, isKept: (member: string) => boolean): Time | null {
  const [time, ...others] = query.timeDimensions ?? []
  if (time === undefined) return { bucket: 'all', days: null }
  if (others.length > 0 || !isKept(time.dimension)) return null
  const bucket = GRANULARITIES.find((name) => name === time.granularity) ?? 'all'
  if (time.granularity !== undefined && bucket === 'all') return null
  if (time.compareDateRange) {
    const ranges = time.compareDateRange.map(wholeDays)
    const days = hullOf(ranges.filter((range) => range !== null))
    // One table expression serves all periods, so its days stay apart.
    return ranges.includes(null) || days === null ? null : { bucket: 'day', days }
  }
  if (time.dateRange === undefined) return { bucket, days: null }
  const days = wholeDays(time.dateRange)
  return days && { bucket, days }
}

function wholeDays(range: string | string[]): Days | null {
  if (typeof range === 'string') return null
  const [first = '', last = first] = range
  const from = /^(\d{4}-\d{2}-\d{2})(T00:00:00)?$/.exec(first)?.[1]
  const to = /^(\d{4}-\d{2}-\d{2})(T23:59:59)?$/.exec(last)?.[1]
  if (from === undefined || to === undefined) return null
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  return count >= DAYS_MIN ? { from, to } : null
}

function hullOf(ranges: Days[]): Days | null {
  const [from] = ranges.map((range) => range.from).toSorted()
  const to = ranges
    .map((range) => range.to)
    .toSorted()
    .at(-1)
  return from === undefined || to === undefined ? null : { from, to }
}

/** Cube's statement over days instead of entries. */
export function overDays(
  { columns, withOrders, withDay, bucket, days, zone }: Daily,
  sql: string,
  values: readonly unknown[],
) {
  // Noon, because not every day of every zone has a midnight.
  const start = days && bucket !== 'all' ? `greatest(${START_OF[bucket]}, toDate32(?))` : null
  const keys = [
    `toDateTime(${start ?? (START_OF[bucket] || 'toDate32(?)')}, ?) + interval 12 hour as at_second`,
    'account',
    ...columns,
    ...(withDay ? ['business_day'] : []),
  ]
  const known = new Set([...columns, ...(withDay ? ['business_day'] : []), 'account', 'at_second'])
  const expression = `
    with journal_entry as (
      select ${[...known].join(', ')},
        ${[withOrders ? PER_ORDER : PER_DAY, ...notKept(withOrders ? new Set([...known, 'order_id']) : known, sql)].join(',\n')}
      from (
        select ${keys.join(', ')}, sum(amount_cents) as amount, sum(quantity) as pieces,
          ${PAID_ORDERS} as paid_orders
        from journal_entry
        ${days ? 'where business_day >= toDate32(?) and business_day <= toDate32(?)' : ''}
        group by all
      )
      ${withOrders ? EACH_ORDER : ''}
    )`
  const first = bucket === 'all' ? [days?.from ?? SOME_DAY] : days ? [days.from] : []
  return {
    sql: `${expression}\n${sql}`,
    values: [...first, zone, ...(days ? [days.from, days.to] : []), ...values],
  }
}

/** Word for word as the projections say it, so that they are taken. */
const PAID_ORDERS = `groupBitmapIfState(toUInt64(assumeNotNull(order_id)), account = 'sales' and isNotNull(order_id))`

const PER_DAY = 'amount as amount_cents, pieces as quantity'
/** The first row of a group has its sums and no order; each of the others has an order and sums of nothing. */
const PER_ORDER = `
        if(order_number = 0, amount, 0) as amount_cents, if(order_number = 0, pieces, 0) as quantity,
        toInt64(nullIf(order_number, 0)) as order_id`
const EACH_ORDER = `
      array join
        arrayConcat([toUInt64(0)], bitmapToArray(cast(paid_orders as AggregateFunction(groupBitmap, UInt64)))) as order_number`

/**
 * A column that days do not have fails whoever reads it; it must never be a silent zero. One that the statement does not
 * name cannot be read, and costs planning all the same.
 */
function notKept(known: Set<string>, sql: string) {
  const named = new Set(sql.match(/\w+/g))
  return Object.entries(LEDGER_COLUMNS)
    .filter(([column]) => !known.has(column) && named.has(column))
    .map(([column, typed]) => {
      const failing = `throwIf(materialize(1), '${column} is not kept by day')`
      return `${typed(failing)} as ${column}`
    })
}
