/**
 * Where clocks are changed, beside Postgres: random moments around the changes of several zones, asked by every bucket
 * and by ranges that begin and end anywhere, also where the clock shows nothing or the same twice.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BATCH_QUERIES_MAX } from './batch.ts'
import { createService } from './service.ts'
import { ADMIN, ask, batch, SECRET, type Row } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { createRandom } from './test/random.ts'

const SEED = Number(process.env.SEED ?? 20_261_130)
const MOMENTS_PER_CHANGE = 400
const RANGES = 25
const HOUR_MS = 3_600_000
const GRANULARITIES = ['minute', 'hour', 'day', 'week', 'month'] as const

/** Instants at which a clock is changed, and one zone that never does and lies 45 minutes off the hour. */
const CHANGES: Record<string, string[]> = {
  'America/New_York': ['2026-11-01T06:00:00Z', '2026-03-08T07:00:00Z'],
  'Europe/London': ['2026-10-25T01:00:00Z', '2026-03-29T01:00:00Z'],
  // Half an hour only.
  'Australia/Lord_Howe': ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'],
  'Australia/Sydney': ['2026-04-04T16:00:00Z', '2026-10-03T16:00:00Z'],
  // At midnight: a day that begins at one, and one whose last hour is there twice.
  'America/Sao_Paulo': ['2018-11-04T03:00:00Z', '2018-02-18T02:00:00Z'],
  'Asia/Kathmandu': ['2026-03-01T18:15:00Z'],
}

let databases: Databases
let service: Awaited<ReturnType<typeof createService>>
const random = createRandom(SEED)

beforeAll(async () => {
  console.error(`seed ${SEED}`)
  databases = await startDatabases()
  const { sql, clickhouse } = databases
  await sql`insert into instance (name, currency, time_zone) values ('Test', 'USD', 'UTC')`
  await sql`insert into channel (code, name, kind, fee_bps) values ('web', 'Web shop', 'web', 0)`
  const moments = Object.values(CHANGES)
    .flat()
    .flatMap((change) =>
      Array.from({ length: MOMENTS_PER_CHANGE }, () => ({
        at: new Date(Date.parse(change) + random.between(-60 * HOUR_MS, 60 * HOUR_MS)),
        visit: crypto.randomUUID(),
      })),
    )
  await sql`
    insert into funnel_event (at, business_day, step, visit_id, channel_id, ancestor_ids)
    select at, business_day(at), 'visit', visit, (select id from channel), '{}'
    from unnest(${moments.map(({ at }) => at.toISOString())}::timestamptz[],
      ${moments.map(({ visit }) => visit)}::text[]) as moment (at, visit)
  `
  await databases.copy()
  await moveCheckpoint(clickhouse, 'funnel')
  service = await createService({
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'warn',
  })
})
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

describe.each(Object.entries(CHANGES))('%s', (zone, changes) => {
  const whole = changes.map((change): [string, string] => {
    const at = Date.parse(change)
    return [dayOf(at - 72 * HOUR_MS), dayOf(at + 72 * HOUR_MS)]
  })

  test.each(GRANULARITIES)('every %s is one row, and the rows add up to the days', async (by) => {
    for (const range of whole) {
      const rows = await asked(zone, range, by)
      expect(rows).toEqual(await bucketsInPostgres(zone, range, by))
      expect(new Set(rows.map(([label]) => label)).size).toBe(rows.length)
      const [[, total] = ['', 0]] = await asked(zone, range)
      expect(rows.reduce((sum, [, visits]) => sum + visits, 0)).toBe(total)
    }
  })

  test('a range holds what Postgres has between the first and the last second it names', async () => {
    for (let round = 0; round < RANGES; round += 1) {
      const [from, to] = rangeAround(Date.parse(random.pick(changes)))
      const [[, visits] = ['', 0]] = await asked(zone, [from, to])
      expect(visits, `${from} to ${to}`).toBe(await countInPostgres(zone, from, to))
    }
  })

  test('an hour asked for alone has what its bucket has', async () => {
    for (const range of whole) {
      const hours = await asked(zone, range, 'hour')
      const alone = await batch(
        service.app,
        ADMIN,
        hours.slice(0, BATCH_QUERIES_MAX).map(([label]) => {
          return queryOf(zone, [label.slice(0, 19), `${label.slice(0, 13)}:59:59`])
        }),
      )
      for (const [index, { data }] of alone.entries()) {
        expect(visitsOf(data[0]), hours[index]?.[0]).toBe(hours[index]?.[1])
      }
    }
  })

  test('a moment with an offset is that moment, also where the clock shows it twice', async () => {
    for (const change of changes) {
      const from = new Date(Date.parse(change) + random.between(-90, 90) * 60_000)
      const to = new Date(from.getTime() + 20 * 60_000)
      const [row] = await databases.sql<{ visits: number }[]>`
        select count(*)::int as visits
        from funnel_event
        where date_trunc('second', at) between ${from} and ${to}
      `
      const [[, visits] = ['', 0]] = await asked(zone, [from.toISOString(), to.toISOString()])
      expect(visits).toBe(row?.visits)
    }
  })
})

type Range = [string, string]
type Bucket = [label: string, visits: number]

function queryOf(zone: string, dateRange: Range, granularity?: string) {
  return {
    measures: ['conversion.visits'],
    timeDimensions: [
      { dimension: 'conversion.at', dateRange, ...(granularity && { granularity }) },
    ],
    timezone: zone,
    limit: 10_000,
  }
}

async function asked(zone: string, range: Range, granularity?: string): Promise<Bucket[]> {
  const rows = await ask(service.app, ADMIN, queryOf(zone, range, granularity))
  return rows
    .map((row): Bucket => [String(row[`conversion.at.${granularity}`] ?? ''), visitsOf(row)])
    .toSorted(byLabel)
}

function visitsOf(row: Row | undefined) {
  return Number(row?.['conversion.visits'])
}

/** The wall clock cut short, as Postgres reads it. */
async function bucketsInPostgres(zone: string, [from, to]: Range, by: string): Promise<Bucket[]> {
  const rows = await databases.sql<{ label: string; visits: number }[]>`
    select to_char(date_trunc(${by}, at at time zone ${zone}), 'YYYY-MM-DD"T"HH24:MI:SS.MS') as label,
      count(*)::int as visits
    from funnel_event
    where (at at time zone ${zone})::date between ${from}::date and ${to}::date
    group by 1
  `
  return rows.map(({ label, visits }): Bucket => [label, visits]).toSorted(byLabel)
}

/** From the first minute at which the clock shows `from` or more to the last at which it shows `to` or less. */
async function countInPostgres(zone: string, from: string, to: string) {
  const [row] = await databases.sql<{ visits: number }[]>`
    with minute as (
      select moment, moment at time zone ${zone} as shown
      from generate_series(${from}::timestamp at time zone 'UTC' - interval '60 hours',
        ${to}::timestamp at time zone 'UTC' + interval '60 hours', interval '1 minute') as moment
    )
    select count(*)::int as visits
    from funnel_event
    where at >= (select min(moment) from minute where shown >= ${from}::timestamp)
      and at < (select max(moment) from minute where shown <= ${to}::timestamp) + interval '1 minute'
  `
  return row?.visits
}

/** Whole minutes that a person might name within hours of the change, without knowing of it. */
function rangeAround(change: number): Range {
  const named = (instant: number) => new Date(instant).toISOString().slice(0, 17)
  const from = change + random.between(-15 * 60, 15 * 60) * 60_000
  return [`${named(from)}00`, `${named(from + random.between(0, 12 * 60) * 60_000)}59`]
}

function byLabel([one]: Bucket, [other]: Bucket) {
  return one < other ? -1 : 1
}

function dayOf(instant: number) {
  return new Date(instant).toISOString().slice(0, 10)
}
