/** Asks the semantic layer over HTTP and the oracle in Postgres, and lays both answers out alike. */
import { SignJWT } from 'jose'
import type { CubeQuery } from '../query.ts'
import type { createService } from '../service.ts'
import { ORACLE, type Asks } from './oracle.ts'

export const SECRET = 'a secret that only tests know'

type App = Awaited<ReturnType<typeof createService>>['app']
export type Row = Record<string, string | null>
export type Who = { role: string; distributor_id: string | null }

export const ADMIN: Who = { role: 'admin', distributor_id: null }

export function tokenOf(who: Who) {
  return new SignJWT(who)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('1')
    .setIssuer('tributary')
    .setAudience('semantic')
    .setExpirationTime('2 minutes')
    .sign(new TextEncoder().encode(SECRET))
}

export async function batch(app: App, who: Who, queries: unknown[]) {
  const response = await app.inject({
    method: 'POST',
    url: '/batch',
    headers: { authorization: `Bearer ${await tokenOf(who)}` },
    payload: { queries },
  })
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<{
    results: {
      data: Row[]
      problem?: { code: string; status: number; detail: string }
      watermark: { lsn: string; commit_at: string } | null
      cost: { ms: number; rows_read: number; cached: boolean; route: 'daily' | 'facts' }
    }[]
  }>().results
}

export async function ask(app: App, who: Who, query: CubeQuery): Promise<Row[]> {
  const [result] = await batch(app, who, [query])
  if (result === undefined || result.problem) throw new Error(JSON.stringify(result?.problem))
  return result.data
}

export type Question = {
  view: string
  dimensions: string[]
  granularity: 'hour' | 'day' | 'week' | 'month' | null
  /** Wall clock in the instance's zone, whole seconds, both ends included. */
  range: [from: string, to: string] | null
  only: { dimension: string; value: string } | null
}

export function queryOf({ view, dimensions, granularity, range, only }: Question): CubeQuery {
  const measures = Object.keys(oracleOf(view).measures).map((name) => `${view}.${name}`)
  const time = {
    dimension: `${view}.at`,
    ...(granularity && { granularity }),
    ...(range && { dateRange: range }),
  }
  return {
    measures,
    dimensions: dimensions.map((name) => `${view}.${name}`),
    ...((granularity ?? range) && { timeDimensions: [time] }),
    ...(only && {
      filters: [{ member: `${view}.${only.dimension}`, operator: 'equals', values: [only.value] }],
    }),
    limit: 10_000,
  }
}

export async function askOracle(
  sql: Asks,
  timeZone: string,
  who: Who,
  question: Question,
  from = relationOf(question, timeZone),
): Promise<Row[]> {
  const { scope, measures, dimensions: renamed = {} } = oracleOf(question.view)
  const columnOf = (name: string) => `(${renamed[name] ?? name})`
  const groups = question.dimensions.map((name) => {
    const column = `${columnOf(name)}::text`
    return { name, column, by: column }
  })
  if (question.granularity) {
    // Cut short as the clock on the wall shows it: the hour that happens twice is one row.
    const shown = `date_trunc('${question.granularity}', at at time zone '${timeZone}')`
    const label = `to_char(${shown}, 'YYYY-MM-DD"T"HH24:MI:SS.000')`
    groups.push({ name: `at.${question.granularity}`, column: label, by: shown })
  }
  const conditions = ['true']
  // Postgres must learn the parameter's type also where nothing is filtered.
  conditions.push('($1::text is null or true)')
  if (who.role === 'distributor') conditions.push(scope ?? 'false')
  if (question.range) {
    const [first, last] = question.range
    conditions.push(`at >= ${beginningOf(first, timeZone)}`)
    conditions.push(`at < ${endOf(last, timeZone)} + interval '1 second'`)
  }
  if (question.only) {
    conditions.push(
      `${columnOf(question.only.dimension)}::text = '${question.only.value.replaceAll("'", "''")}'`,
    )
  }
  const names = [...groups.map(({ name, column }) => `${column} as "${question.view}.${name}"`)]
  const sums = Object.entries(measures).map(
    ([name, expression]) => `(${expression})::text as "${question.view}.${name}"`,
  )
  const rows = await sql.unsafe<Row>(
    `select ${[...names, ...sums].join(', ')} from ${from} where ${conditions.join(' and ')}
     ${groups.length > 0 ? `group by ${groups.map(({ by }) => by).join(', ')}` : ''}`,
    [who.distributor_id],
  )
  return [...rows]
}

/** What the question is answered from, of the period where it depends on one. */
export function relationOf({ view, range }: Question, timeZone: string): string {
  const { from } = oracleOf(view)
  if (typeof from === 'string') return from
  if (range === null) return from(null)
  const [first, last] = range
  return from({ from: beginningOf(first, timeZone), to: endOf(last, timeZone) })
}

/** Of two equal readings of the clock Postgres takes the later, and a range begins with the earlier. */
function beginningOf(first: string, timeZone: string) {
  const hourLater = `(timestamp '${first}' - interval '1 hour') at time zone '${timeZone}' + interval '1 hour'`
  return `least(${endOf(first, timeZone)}, ${hourLater})`
}

function endOf(last: string, timeZone: string) {
  return `(timestamp '${last}' at time zone '${timeZone}')`
}

/** Rows in one order, numbers in one spelling, without rows in which nothing happened. */
export function comparable(rows: Row[], view: string) {
  const measures = Object.keys(oracleOf(view).measures).map((name) => `${view}.${name}`)
  return rows
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
    )
    .map(({ [`${view}.at`]: _withoutGranularity, ...row }) => row)
    .filter((row) => measures.some((name) => row[name] !== '0' && row[name] !== null))
    .map((row) => JSON.stringify(row, Object.keys(row).toSorted()))
    .toSorted()
}

function plain(value: string | null) {
  if (value === null || !/^-?\d+(\.\d+)?$/.test(value)) return value
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value
}

function oracleOf(view: string) {
  const oracle = ORACLE[view]
  if (oracle === undefined) throw new Error(`no oracle for ${view}`)
  return oracle
}
