/** The first copy of 3 million order lines, beside ClickHouse's two ways of its own, in the same run. */
import { numbersOf } from './lib/arguments.ts'
import {
  ask,
  type Bench,
  cpuMsOf,
  forgetPeak,
  peakBytesOf,
  startEngines,
  startIngest,
} from './lib/engines.ts'
import { medianOf } from './lib/percentiles.ts'
import { addressOf, PEER, startMaterialized, stopMaterialized } from './lib/peer.ts'

const COLUMNS = `id, order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents,
  total_cents, cost_cents`
const MIRROR = 'mirror'
/** Moves with every value of every row, so that equal sums mean equal rows. */
const SUM = `toString(count()) || ' ' || toString(sum(cityHash64(${COLUMNS})))`

/** What the copy leaves to be merged. */
const PARTS = `
  select count() from system.parts
  where database = '${MIRROR}' and table = 'order_line' and active`

/** CPU of the process and of ClickHouse from the start of the one to its first row of the stream. */
type Copied = {
  ms: number
  ingestCpuMs: number
  clickhouseCpuMs: number
  ingestPeakBytes: number
  clickhousePeakBytes: number
  parts: number
}

export async function run(args: string[]) {
  const { rows, rounds } = numbersOf(args, { rows: 3_000_000, rounds: 3 })
  const bench = await startEngines()
  const bytes = await fill(bench, rows)
  say(`${rows} order lines of ${bytes} bytes`)

  const ours: Copied[] = []
  const byFunction: number[] = []
  const materialized: number[] = []
  const copy: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    copy.push(await copyToNothing(bench))
    ours.push(await copyByIngest(bench))
    byFunction.push(await copyByFunction(bench))
    materialized.push(await copyByEngine(bench, rows))
    say(
      `round ${round}: ours ${ours.at(-1)?.ms} ms, postgresql() ${byFunction.at(-1)} ms, ` +
        `MaterializedPostgreSQL ${materialized.at(-1)} ms, COPY into nothing ${copy.at(-1)} ms`,
    )
  }
  const ms = medianOf(ours.map((one) => one.ms))
  const peers = {
    postgresql_function: perSecond(rows, medianOf(byFunction)),
    materialized_postgresql: perSecond(rows, medianOf(materialized)),
  }
  return {
    rows,
    row_bytes: bytes,
    rows_per_s: perSecond(rows, ms),
    peers,
    ratio: round2(perSecond(rows, ms) / Math.max(...Object.values(peers))),
    of_limit: round2(medianOf(copy) / ms),
    parts: medianOf(ours.map((one) => one.parts)),
    ingest_cpu_s: medianOf(ours.map((one) => one.ingestCpuMs)) / 1_000,
    clickhouse_cpu_s: medianOf(ours.map((one) => one.clickhouseCpuMs)) / 1_000,
    ingest_peak_bytes: Math.max(...ours.map((one) => one.ingestPeakBytes)),
    clickhouse_peak_bytes: Math.max(...ours.map((one) => one.clickhousePeakBytes)),
    rounds_ms: {
      ours: ours.map((one) => one.ms),
      postgresql_function: byFunction,
      materialized_postgresql: materialized,
      copy,
    },
  }
}

/** Lines without their orders: the triggers and keys that would want those are off for this session. */
async function fill({ sql }: Bench, rows: number): Promise<number> {
  await sql.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`
    await transaction`
      insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents,
        discount_cents, total_cents, cost_cents)
      select 100000000000 + n / 3, 1 + n % 3, 1000000000 + n % 20000, 1 + n % 90, 10000000 + n % 8999999,
        100000000 + n % 89999999, 10000000 + n % 8999999,
        90000000 + (n % 89999999) - (n % 8999999), 50000000 + n % 39999999
      from generate_series(1, ${rows}::int) as n
    `
  })
  await sql`vacuum (analyze, freeze) order_line`
  await sql`checkpoint`
  const [row] = await sql<{ bytes: number }[]>`
    select round(avg(length(order_line::text)))::int as bytes
    from (select * from order_line limit 10000) as order_line
  `
  return row?.bytes ?? 0
}

/** The limit: what Postgres takes to write the rows to a client that throws them away. */
async function copyToNothing({ sql }: Bench): Promise<number> {
  const startedAt = performance.now()
  await sql.unsafe(`copy (select ${COLUMNS} from order_line) to program 'cat > /dev/null'`)
  return Math.round(performance.now() - startedAt)
}

/**
 * As the process itself counts it: from before the slot is made to after the checkpoint is on disk. The one table the
 * peers are given too, into a database of its own.
 */
async function copyByIngest(bench: Bench): Promise<Copied> {
  const { server } = bench
  const { pid } = bench.clickhouse
  const cpuBefore = cpuMsOf(pid)
  forgetPeak(pid)
  const owner = { ...bench, server: { ...server, url: () => server.url() } }
  const scope = ['--tables', 'public.order_line', '--database', MIRROR]
  const ingest = await startIngest(owner, ...scope, '--resnapshot')
  const { snapshot } = await ingest.status()
  if (!snapshot) throw new Error('ingest took no snapshot')
  const copied = {
    ms: snapshot.ms,
    ingestCpuMs: ingest.cpuMs(),
    clickhouseCpuMs: cpuMsOf(pid) - cpuBefore,
    ingestPeakBytes: peakBytesOf(ingest.child.pid),
    clickhousePeakBytes: peakBytesOf(pid),
    parts: Number(await ask(bench.client, PARTS)),
  }
  await ingest.child.stop()
  await compare(bench, `${MIRROR}.order_line final`)
  return copied
}

async function copyByFunction(bench: Bench): Promise<number> {
  const { client, server } = bench
  const { host, password } = addressOf(server.url())
  await client.command({ query: `create database ${PEER}` })
  await client.command({
    query: `
      create table ${PEER}.order_line (
        id Int64, order_id Int64, line_no Int32, sku_id Int64, quantity Int64, unit_price_cents Int64,
        list_cents Int64, discount_cents Int64, total_cents Int64, cost_cents Nullable(Int64)
      ) engine = MergeTree order by id`,
  })
  const startedAt = performance.now()
  await client.command({
    query: `
      insert into ${PEER}.order_line
      select ${COLUMNS} from postgresql('${host}', 'postgres', 'order_line', 'postgres', '${password}')`,
  })
  const ms = Math.round(performance.now() - startedAt)
  await compare(bench, `${PEER}.order_line`)
  await client.command({ query: `drop database ${PEER} sync` })
  return ms
}

async function copyByEngine(bench: Bench, rows: number): Promise<number> {
  const startedAt = performance.now()
  await startMaterialized(bench, ['order_line'], { table: 'order_line', rows })
  const ms = Math.round(performance.now() - startedAt)
  await compare(bench, `${PEER}.order_line`)
  await stopMaterialized(bench)
  return ms
}

/** Nobody's figure counts who did not copy everything; the first copy of a run is what others must equal. */
let expected: string | null = null
async function compare({ client }: Bench, table: string) {
  const sum = await ask(client, `select ${SUM} from ${table}`)
  expected ??= sum
  if (sum !== expected) throw new Error(`${table} has ${sum}, the others ${expected}`)
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
