/** An update of 300,000 rows after ingest was away, beside ClickHouse's own engine and pg_recvlogical, in one run. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { numbersOf } from './lib/arguments.ts'
import { ask, type Bench, type Ingest, startEngines, startIngest } from './lib/engines.ts'
import { medianOf } from './lib/percentiles.ts'
import { PEER, startMaterialized, stopMaterialized } from './lib/peer.ts'

const DONE_MS_MAX = 300_000
const POLL_MS = 10
const SLOT = 'bench_recvlogical'

type Turn = { ms: number; cpuMs: number; inserts: number; memoryBytes: number }

export async function run(args: string[]) {
  const { rows, rounds } = numbersOf(args, { rows: 300_000, rounds: 3 })
  const bench = await startEngines()
  await fill(bench, rows)
  await stop(await startIngest(bench))

  const away: Turn[] = []
  const following: Turn[] = []
  const received: number[] = []
  const materialized: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const mark = 3 * round
    await createSlot(bench)
    const end = await update(bench, mark)
    // The reader that only writes to a file and ours both find all of it waiting.
    const file = await byRecvlogical(bench, end)
    if (file !== null) received.push(file)
    away.push(await byIngest(bench, end))
    await compare(bench, mark, rows)
    following.push(await byIngestThere(bench, mark + 1))
    await compare(bench, mark + 1, rows)
    materialized.push(await byEngine(bench, mark + 2, rows))
    await stop(await startIngest(bench))
    say(
      `round ${round}: ours ${away.at(-1)?.ms} ms after being away, pg_recvlogical ${file ?? 'not found'} ms; ` +
        `following ${following.at(-1)?.ms} ms, MaterializedPostgreSQL ${materialized.at(-1)} ms`,
    )
  }
  const awayMs = medianOf(away.map((turn) => turn.ms))
  const followingMs = medianOf(following.map((turn) => turn.ms))
  const peers = {
    materialized_postgresql: perSecond(rows, medianOf(materialized)),
    pg_recvlogical: received.length > 0 ? perSecond(rows, medianOf(received)) : null,
  }
  return {
    rows,
    rows_per_s: perSecond(rows, awayMs),
    following_rows_per_s: perSecond(rows, followingMs),
    peers,
    ratio: round2(perSecond(rows, followingMs) / peers.materialized_postgresql),
    of_limit: peers.pg_recvlogical && round2(perSecond(rows, awayMs) / peers.pg_recvlogical),
    inserts_per_s: round2(medianOf(away.map((turn) => (turn.inserts / turn.ms) * 1_000))),
    ingest_cpu_ms: medianOf(away.map((turn) => turn.cpuMs)),
    ingest_memory_bytes: Math.max(...[...away, ...following].map((turn) => turn.memoryBytes)),
    rounds_ms: {
      ours: away.map((turn) => turn.ms),
      ours_following: following.map((turn) => turn.ms),
      materialized_postgresql: materialized,
      pg_recvlogical: received,
    },
  }
}

/** Lines without their orders: the triggers and keys that would want those are off for this session. */
async function fill({ sql }: Bench, rows: number) {
  await sql.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`
    await transaction`
      insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, total_cents)
      select n / 3, 1 + n % 3, 1 + n % 20000, 1, 1999, 1999, 1999
      from generate_series(1, ${rows}::int) as n
    `
  })
  // The engine gives up tables that send their whole old row; so nobody is sent it.
  await sql`alter table order_line replica identity default`
  await sql`vacuum (analyze) order_line`
}

/** One transaction that changes each line; returns where the log stands after it. */
async function update({ sql }: Bench, mark: number): Promise<bigint> {
  await sql.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`
    await transaction`update order_line set cost_cents = ${mark}`
  })
  const [row] = await sql<{ lsn: string }[]>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as lsn
  `
  return BigInt(row?.lsn ?? 0)
}

/** From the start of its process until its checkpoint, so that all of it is on ClickHouse's disk. */
async function byIngest(bench: Bench, end: bigint): Promise<Turn> {
  const startedAt = performance.now()
  const ingest = await startIngest(bench)
  say(`  of which until it answered: ${Math.round(performance.now() - startedAt)} ms`)
  return finish(ingest, { startedAt, end })
}

/** There already when the rows are changed, as the engine is; counted from the commit as well. */
async function byIngestThere(bench: Bench, mark: number): Promise<Turn> {
  const ingest = await startIngest(bench)
  const end = await update(bench, mark)
  return finish(ingest, { startedAt: performance.now(), end })
}

async function finish(
  ingest: Ingest,
  { startedAt, end }: { startedAt: number; end: bigint },
): Promise<Turn> {
  for (;;) {
    const { watermark, inserts, memory_bytes } = await ingest.status()
    if (watermark && BigInt(watermark.lsn) >= end) {
      const ms = Math.round(performance.now() - startedAt)
      const turn = { ms, cpuMs: ingest.cpuMs(), inserts, memoryBytes: memory_bytes }
      await stop(ingest)
      return turn
    }
    if (performance.now() > startedAt + DONE_MS_MAX) throw new Error('ingest did not catch up')
    await sleep(POLL_MS)
  }
}

/** It follows from before the update, for it cannot be stopped and begun again; counted from the commit. */
async function byEngine(bench: Bench, mark: number, rows: number): Promise<number> {
  const { sql, client } = bench
  await startMaterialized(bench, ['order_line'], { table: 'order_line', rows })
  await update(bench, mark)
  const startedAt = performance.now()
  const deadline = startedAt + DONE_MS_MAX
  const changed = `select count() from ${PEER}.order_line where cost_cents = ${mark}`
  // One row by its key, until it is there, and only then all: asking takes next to nothing from it.
  const [last] = await sql<{ id: string }[]>`select max(id)::text as id from order_line`
  const isThere = async () =>
    (await ask(client, `${changed} and id = ${last?.id ?? 0}`)) === '1' &&
    Number(await ask(client, changed)) === rows
  while (!(await isThere())) {
    if (performance.now() > deadline) throw new Error('MaterializedPostgreSQL did not catch up')
    await sleep(POLL_MS)
  }
  const ms = Math.round(performance.now() - startedAt)
  await stopMaterialized(bench)
  return ms
}

async function createSlot({ sql }: Bench) {
  await sql`
    select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${SLOT}
  `
  await sql`select pg_create_logical_replication_slot(${SLOT}, 'pgoutput')`
}

/** The limit: the same log decoded by the same plugin and written to a file by a program in C. Null without one. */
async function byRecvlogical({ server, sql, folder }: Bench, end: bigint): Promise<number | null> {
  const program = findRecvlogical()
  if (program === null) return null
  const [row] = await sql<
    { lsn: string }[]
  >`select ('0/0'::pg_lsn + ${String(end)}::numeric)::text as lsn`
  // Something after the end, or it would wait for it.
  await sql`select pg_logical_emit_message(false, 'bench', 'end', true)`
  const options = ['-o', 'proto_version=1', '-o', 'publication_names=tributary']
  const file = join(folder, 'received')
  const args = ['-d', server.url(), '--slot', SLOT, '--start', '--no-loop', '-f', file, ...options]
  const startedAt = performance.now()
  const child = spawn(program, [...args, '--endpos', row?.lsn ?? ''], { stdio: 'ignore' })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`pg_recvlogical ended with ${String(code)}`)
  return Math.round(performance.now() - startedAt)
}

/** Debian keeps it beside the server of its version; elsewhere it is in the path. */
function findRecvlogical(): string | null {
  const name = 'pg_recvlogical'
  const debian = '/usr/lib/postgresql'
  const folders = [
    ...(process.env.PATH ?? '').split(':'),
    ...entriesOf(debian).map((version) => join(debian, version, 'bin')),
  ]
  const folder = folders.find((one) => entriesOf(one).includes(name))
  return folder === undefined ? null : join(folder, name)
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

async function compare({ client }: Bench, mark: number, rows: number) {
  const query = `select count() from analytics.order_line final where cost_cents = ${mark}`
  const count = await ask(client, query)
  if (Number(count) !== rows) throw new Error(`${count} of ${rows} rows have changed in ClickHouse`)
}

async function stop(ingest: Ingest) {
  await ingest.child.stop()
}

function perSecond(rows: number, ms: number): number {
  return Math.round((rows / ms) * 1_000)
}

function round2(value: number): number {
  return Number(value.toFixed(2))
}

function say(line: string) {
  process.stdout.write(`${line}\n`)
}
