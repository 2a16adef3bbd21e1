/** The two streams that are tortured: the company's own tables, and a database that was never seen. */
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { centsOff, differingSums } from './aggregates.ts'
import { unlike } from './alike.ts'
import { compareAll } from './equal.ts'
import { createFaultProxy, insertedTable, type Point } from './fault-proxy.ts'
import { FAULTS, faultsAt, type Fault, type Patient } from './faults.ts'
import { openShop } from './load.ts'
import { caughtUp, DATABASES, reached, type Capture } from './stack.ts'
import { itemsOf, openStranger } from './stranger.ts'

export type Examination = {
  lost: number
  doubled: number
  cents_off: bigint
  /** What differs, in words. */
  rows: string[]
  sums: string[]
}

type Kind = {
  name: 'company' | 'stranger'
  sql: postgres.Sql
  databaseUrl: string
  /** Where it goes in ClickHouse, and where its checkpoint is. */
  database: string
  pipe: string
  flags: string[]
  faults: Fault[]
  pointOf(statement: string): Point | null
  provoke(point: Point): Promise<void>
  examine(patient: Patient): Promise<Examination>
}

export type Admitted = Patient &
  Omit<Kind, 'examine'> & { examine(): Promise<Examination> } & {
    close(): Promise<void>
  }

const STRANGE_DATABASE = 'mirror'
const STRANGE_FLAGS = ['--tables', 'public.*', '--database', STRANGE_DATABASE]
/** What the stream does not say is looked for every five seconds, and what is found may have to be copied. */
const ALIKE_MS_MAX = 180_000
const ALIKE_POLL_MS = 400
/** Waiting for a copy is right where the stream does not tell; never because a row was misread. */
const MISREAD = /cannot take its rows|columns of then are not known/

export async function admitCompany(capture: Capture): Promise<Admitted> {
  await openShop(capture)
  const facts = await factsOf(capture)
  return admit(capture, {
    name: 'company',
    sql: capture.sql,
    databaseUrl: capture.databaseUrl(DATABASES.company, 'ingest'),
    database: 'analytics',
    pipe: 'main',
    flags: [],
    faults: [...(['facts', 'mirrors', 'checkpoint'] as const).flatMap(faultsAt), ...FAULTS, REFILL],
    pointOf(statement) {
      const table = insertedTable(statement)
      if (table === null) return null
      if (table === 'cdc_checkpoint') return 'checkpoint'
      return facts.has(table) ? 'facts' : 'mirrors'
    },
    provoke: async () => {},
    async examine({ ingest }) {
      await caughtUp(capture, ingest)
      const comparisons = await compareAll(capture)
      return {
        lost: comparisons.reduce((sum, { missing }) => sum + missing, 0),
        doubled: comparisons.reduce((sum, { extra }) => sum + extra, 0),
        cents_off: await centsOff(capture),
        rows: comparisons.flatMap(({ table, difference }) =>
          difference === null ? [] : `${table}: ${difference}`,
        ),
        sums: await differingSums(capture),
      }
    },
  })
}

const REFILL: Fault = {
  name: 'a mirror truncated and filled in one transaction',
  isKill: false,
  async run({ sql }) {
    await sql.begin(async (transaction) => {
      await transaction`truncate price`
      await transaction`insert into price (sku_id, price_cents) select id, id * 41 from sku`
    })
  },
}

export async function admitStranger(capture: Capture): Promise<Admitted> {
  await capture.sql.unsafe(`create database ${DATABASES.stranger}`)
  const databaseUrl = capture.databaseUrl(DATABASES.stranger)
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} })
  await openStranger(sql)
  const points = ['mirrors', 'checkpoint', 'schema', 'copy'] as const
  const patient = await admit(capture, {
    name: 'stranger',
    sql,
    databaseUrl,
    database: STRANGE_DATABASE,
    pipe: STRANGE_DATABASE,
    flags: STRANGE_FLAGS,
    faults: [...points.flatMap(faultsAt), ...FAULTS],
    pointOf: strangePointOf,
    provoke: (point) => (point === 'copy' ? askForCopy(sql) : Promise.resolve()),
    examine: (at) => examineStranger(at),
  })
  const { close } = patient
  patient.close = async () => {
    await close()
    await sql.end({ timeout: 1 })
  }
  return patient
}

function strangePointOf(statement: string): Point | null {
  const table = insertedTable(statement)
  if (table === 'cdc_checkpoint') return 'checkpoint'
  if (table === 'cdc_copied' || table?.endsWith('__new')) return 'copy'
  if (table !== null) return table.startsWith('cdc_') ? 'schema' : 'mirrors'
  const isSchema = /^\s*(alter|rename|exchange|create|drop)\b/i.test(statement)
  return isSchema && !statement.includes('cdc_') ? 'schema' : null
}

/** As `--resync` asks: the next table in turn, whatever it is called at that moment. */
async function askForCopy(sql: postgres.Sql) {
  const tables = await sql.begin((transaction) => itemsOf(transaction)).catch(() => [])
  const table = tables[copies % Math.max(tables.length, 1)]
  copies += 1
  if (table) await resync(sql, table)
}

let copies = 0

async function resync(sql: postgres.Sql, table: string) {
  await sql`
    select pg_logical_emit_message(false, 'tributary_resync', ${`${STRANGE_DATABASE} public.${table}`})
  `.catch(() => {})
}

/** Tables that wait for a copy are given one, as an operator does who reads what `/status` says. */
async function examineStranger({ capture, sql, ingest }: Patient): Promise<Examination> {
  await caughtUp({ sql }, ingest)
  const sides = { sql, clickhouse: capture.clickhouse, database: STRANGE_DATABASE }
  const asked = new Set<string>()
  const misread = new Set<string>()
  const deadline = Date.now() + ALIKE_MS_MAX
  for (;;) {
    const { tables } = await ingest.status()
    const waiting = tables.waiting.filter(({ status }) => status === 'resync_required')
    for (const { table, reason } of waiting) {
      if (MISREAD.test(reason)) misread.add(`${table}: ${reason}`)
      if (!asked.has(table)) await resync(sql, table.replace('public.', ''))
      asked.add(table)
    }
    const found = await unlike(sides)
    if (found.length === 0 || Date.now() > deadline) {
      // What it was doing is all that tells why, and its log goes with the folder.
      if (found.length > 0) process.stderr.write(`${JSON.stringify(tables)}\n${ingest.log()}\n`)
      return {
        lost: found.reduce((sum, { missing }) => sum + missing, 0),
        doubled: found.reduce((sum, { extra }) => sum + extra, 0),
        cents_off: 0n,
        rows: [...misread, ...found.map(({ table, difference }) => `${table}: ${difference}`)],
        sums: [],
      }
    }
    await sleep(ALIKE_POLL_MS)
  }
}

async function admit(capture: Capture, kind: Kind): Promise<Admitted> {
  const proxy = await createFaultProxy(capture.clickhouseUrl, kind.pointOf)
  const start = (environment: Record<string, string> = {}, ...flags: string[]) =>
    capture.startIngestWith(
      { CLICKHOUSE_URL: proxy.url(), DATABASE_URL: kind.databaseUrl, ...environment },
      ...kind.flags,
      ...flags,
    )
  const patient: Admitted = {
    ...kind,
    capture,
    proxy,
    ingest: await start(),
    async restart(environment, ...flags) {
      patient.ingest = await start(environment, ...flags)
    },
    startTwin: () => start(),
    examine: () => kind.examine(patient),
    close: proxy.close,
  }
  await reached(patient.ingest, 'streaming')
  return patient
}

async function factsOf({ clickhouse }: Capture): Promise<Set<string>> {
  const result = await clickhouse.query({
    query: `
      select name from system.tables
      where database = currentDatabase() and engine = 'MergeTree'`,
    format: 'JSONEachRow',
  })
  return new Set((await result.json<{ name: string }>()).map(({ name }) => name))
}
