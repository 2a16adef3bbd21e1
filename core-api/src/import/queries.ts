import { setTimeout } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Instance } from './staged.ts'

export const UNFIT_STATUSES = ['held', 'changed', 'taken', 'overdiscounted'] as const
type UnfitStatus = (typeof UNFIT_STATUSES)[number]

/** Reserved for a whole run: it has the source's time zone. */
export type Connection = postgres.ReservedSql
/** The first holds the lock of the import. */
export type Connections = [Connection, Connection]

const LOCK_WAIT_MS_MAX = 15_000
const LOCK_POLL_MS = 200
const LOCK_KEY = 7_243_020
const WORK_MEM = '64MB'
const STATEMENT_MS_MAX = String(15 * 60_000)
const LINES_PER_TRANSACTION = 5_000
const RELEASES_PER_TRANSACTION = 20_000
const UNFIT_LINES_PER_PAGE = 5_000

export async function findInstance(sql: Connection): Promise<Instance | undefined> {
  const [row] = await sql<[Instance?]>`
    select currency, minor_digits, time_zone
    from instance
  `
  return row
}

/**
 * Text without a zone is a moment of the source's zone; sorting a million lines wants room. A transaction that a
 * crash of the server takes back takes its documents' records back with it, so none is waited for; the last one is.
 */
export async function prepareSession(sql: Connection, zone: string): Promise<void> {
  await sql`
    select set_config('TimeZone', ${zone}, false), set_config('work_mem', ${WORK_MEM}, false),
      set_config('jit', 'off', false), set_config('statement_timeout', ${STATEMENT_MS_MAX}, false),
      set_config('synchronous_commit', 'off', false)
  `
}

/**
 * False while another import runs: their lines would wait in one table. The server ends what a killed import had
 * begun, which takes it a moment; that is waited for.
 */
export async function lockImports(sql: Connection): Promise<boolean> {
  const deadline = Date.now() + LOCK_WAIT_MS_MAX
  for (;;) {
    const [row] = await sql<[{ is_locked: boolean }]>`
      select pg_try_advisory_lock(${LOCK_KEY}) as is_locked
    `
    if (row.is_locked || Date.now() > deadline) return row.is_locked
    await setTimeout(LOCK_POLL_MS)
  }
}

export async function openRun(sql: Connection, source: string, settings: object): Promise<number> {
  await sql`truncate import_stage, import_stage_document`
  const [row] = await sql<[{ id: string }]>`
    with source as (
      insert into import_source (name)
      values (${source})
      on conflict (name) do update set name = excluded.name
      returning id
    )
    insert into import_run (source_id, settings)
    select id, ${JSON.stringify(settings)}::text::jsonb
    from source
    returning id
  `
  return Number(row.id)
}

/** Everything orders refer to, and the documents beside it; returns by how many days dates were moved. */
export async function prepare([sql, beside]: Connections, run: number): Promise<number> {
  await sql`select import_analyze('{import_stage}')`
  const [row] = await sql<[{ days: number }]>`select import_days_moved(${run}) as days`
  await sql`select import_shift(${run}, ${row.days})`
  await sql`select import_places(${run})`
  await Promise.all([makeMasters(sql, run), beside`select import_documents(${run})`])
  await sql`select import_analyze('{import_stage_document}')`
  await sql`select import_opening(${run})`
  return row.days
}

/** Customers belong to distributors, so they come after them. */
async function makeMasters(sql: Connection, run: number): Promise<void> {
  await sql`select import_catalog(${run})`
  await sql`select import_distributors(${run})`
  await sql`select import_customers(${run})`
}

export type Step = { from_position: string; to_position: string; is_sale: boolean }

/** What goes into one transaction each, sales first. */
export async function listSteps(sql: Connection, run: number) {
  return sql<Step[]>`
    select min(position) as from_position, max(position) as to_position, is_sale
    from (
      select position, kind = 'sale' as is_sale,
        div(sum(lines) over (partition by kind = 'sale' order by position) - 1, ${LINES_PER_TRANSACTION}) as step
      from import_stage_document
      where run_id = ${run} and status = 'ready'
    ) as document
    group by is_sale, step
    order by 1
  `
}

/** After the first step, when the tables it filled still count as empty. */
export async function analyzeLedgers(sql: Connection): Promise<void> {
  await sql`
    select import_analyze('{sku, product, customer, distributor, sales_order, order_line, order_line_attribution,
      stock_move, stock_level, commission_entry, journal_txn, journal_entry, order_event, import_document}')
  `
}

export async function post(sql: Connection, run: number, { from_position, to_position }: Step) {
  const [row] = await sql<[{ lines: string }]>`
    select import_post(${run}, ${from_position}, ${to_position}) as lines
  `
  return Number(row.lines)
}

export async function countLines(sql: Connection, run: number) {
  const rows = await sql<{ status: string; lines: string }[]>`
    select status, sum(lines) as lines
    from import_stage_document
    where run_id = ${run}
    group by status
  `
  return new Map(rows.map(({ status, lines }) => [status, Number(lines)]))
}

/** Lines that are fine themselves, of documents that are not. */
export async function* listUnfitLines(sql: Connection, run: number) {
  let after = '0'
  for (;;) {
    const rows = await sql<
      { seq: string; file: number; line: string; document: string; status: UnfitStatus }[]
    >`
      select stage.seq, stage.file, stage.line, document, document.status
      from import_stage as stage
      join import_stage_document as document using (run_id, document, kind)
      where run_id = ${run} and status in ${sql(UNFIT_STATUSES)} and seq > ${after}
      order by seq
      limit ${UNFIT_LINES_PER_PAGE}
    `
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}

/** Commission whose window is long over may be paid out, as it would be had it happened live. */
export async function releaseCommissions(sql: Connection): Promise<void> {
  for (;;) {
    const [row] = await sql<[{ released: number }]>`
      select import_release(${RELEASES_PER_TRANSACTION}) as released
    `
    if (row.released > 0) await sql`select import_analyze('{commission_entry}')`
    if (row.released < RELEASES_PER_TRANSACTION) return
  }
}

export async function closeRun(
  sql: Connection,
  run: number,
  { read, written, already_there, rejected }: Record<string, number>,
): Promise<void> {
  // This commit is on the disk before anyone is told, and with it all that came before.
  await sql`select set_config('synchronous_commit', 'on', false)`
  await sql`
    update import_run
    set finished_at = now(), read = ${read ?? 0}, written = ${written ?? 0},
      already_there = ${already_there ?? 0}, rejected = ${rejected ?? 0}
    where id = ${run}
  `
  await sql`truncate import_stage, import_stage_document`
}
