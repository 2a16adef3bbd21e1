/** From commit to queryable: ours, then ClickHouse's own engine, under the same load in the same run. */
import { setTimeout as sleep } from 'node:timers/promises'
import { numbersOf } from './lib/arguments.ts'
import type postgres from 'postgres'
import { type Bench, cpuMsOf, type Ingest, startEngines, startIngest } from './lib/engines.ts'
import { CHANGES_PER_ORDER, type Load, placeOrders, prepareOrders } from './lib/orders.ts'
import { paintedMs } from './lib/painted.ts'
import { type Percentiles, percentilesOf } from './lib/percentiles.ts'
import { createQuestion } from './lib/question.ts'
import { PEER, startMaterialized, stopMaterialized } from './lib/peer.ts'

const TABLES = ['sales_order', 'order_line', 'stock_move', 'order_event', 'funnel_event']
const SEEN_MS_MAX = 20_000
/** Asking without a pause takes a core from those who are measured. */
const POLL_EVERY_MS = 4

/** The whole product and a browser share the machine with the load. */
const PAINTED_RATE_MAX = 200
/** A quiet hour: what is bought then should be seen at once. */
const QUIET_RATE = 10
const QUIET_SECONDS_MAX = 20

type Seen = { fresh: Percentiles; resolution: Percentiles; changesPerS: number }

export async function run(args: string[]) {
  const { rate, seconds } = numbersOf(args, { rate: 1_000, seconds: 60 })
  const bench = await startEngines()
  await openShop(bench.sql)
  await prepareOrders(bench.sql)
  const quiet = { rate: QUIET_RATE, seconds: Math.min(seconds, QUIET_SECONDS_MAX) }

  const ingest = await startIngest(bench)
  const before = await spentBy(bench, ingest)
  const ours = await measure(bench, 'analytics', { rate, seconds })
  const after = await spentBy(bench, ingest)
  const oursQuiet = await measure(bench, 'analytics', quiet)
  await ingest.child.stop()
  say(
    `ours: p50 ${ours.fresh.p50} ms, p99 ${ours.fresh.p99} ms; quiet: p50 ${oursQuiet.fresh.p50} ms`,
  )

  const [row] = await bench.sql<{ rows: number }[]>`select count(*)::int as rows from order_event`
  await startMaterialized(bench, TABLES, { table: 'order_event', rows: row?.rows ?? 0 })
  const peer = await measure(bench, PEER, { rate, seconds })
  const peerQuiet = await measure(bench, PEER, quiet)
  await stopMaterialized(bench)
  say(`MaterializedPostgreSQL: p50 ${peer.fresh.p50} ms, quiet: p50 ${peerQuiet.fresh.p50} ms`)

  const painted = await paintedMs({ rate: Math.min(rate, PAINTED_RATE_MAX), seconds })
  say(`painted: p50 ${painted.p50} ms, p99 ${painted.p99} ms`)

  const took = (name: keyof typeof after) => (after[name] - before[name]) / (seconds * 1_000)
  return {
    changes_per_s: Math.round(ours.changesPerS),
    queryable_ms: ours.fresh,
    resolution_ms: ours.resolution,
    quiet: { changes_per_s: QUIET_RATE, queryable_ms: oursQuiet.fresh, peer_ms: peerQuiet.fresh },
    painted_ms: painted,
    peer: 'MaterializedPostgreSQL',
    peer_ms: peer.fresh,
    peer_changes_per_s: Math.round(peer.changesPerS),
    ratio: Number((peer.fresh.p50 / ours.fresh.p50).toFixed(2)),
    parts_per_s: Number((took('inserts') * 1_000).toFixed(1)),
    ingest_cpu_share: Number(took('ingestMs').toFixed(3)),
    clickhouse_cpu_share: Number(took('clickhouseMs').toFixed(3)),
    ingest_memory_bytes: after.memoryBytes,
    audit_share: after.auditShare,
  }
}

/** What the process and ClickHouse have used so far; the audit of the running stream is part of both. */
async function spentBy({ clickhouse }: Bench, ingest: Ingest) {
  const { inserts, memory_bytes, audit } = await ingest.status()
  return {
    inserts,
    memoryBytes: memory_bytes,
    auditShare: audit?.cost.share ?? 0,
    ingestMs: ingest.cpuMs(),
    clickhouseMs: cpuMsOf(clickhouse.pid),
  }
}

/**
 * Orders at a steady rate; each is looked for in ClickHouse until it is there. Rows come in the order of
 * their commits, so that the n-th order is there when n more rows are: a question that reads no data.
 */
async function measure({ sql, clickhouse }: Bench, database: string, load: Load): Promise<Seen> {
  const committed: number[] = []
  const fresh: number[] = []
  const polls: number[] = []
  let isOver = false
  const countEvents = createQuestion(
    clickhouse.url('admin'),
    `select count() from ${database}.order_event`,
  )

  const watching = (async () => {
    const before = Number(await countEvents())
    while (!isOver || fresh.length < committed.length) {
      await sleep(POLL_EVERY_MS)
      const askedAt = performance.now()
      const count = Number(await countEvents()) - before
      const now = performance.now()
      polls.push(now - askedAt)
      // One may be seen before its session has heard that it is committed: then it took no time.
      while (fresh.length < Math.min(count, committed.length)) {
        fresh.push(now - (committed[fresh.length] ?? now))
      }
      if (isOver && now - (committed[fresh.length] ?? now) > SEEN_MS_MAX) {
        throw new Error(
          `${committed.length - fresh.length} orders were not seen in ${SEEN_MS_MAX} ms`,
        )
      }
    }
  })()
  const placed = await placeOrders(sql, load, (at) => committed.push(at))
  isOver = true
  await watching
  return {
    fresh: percentilesOf(fresh),
    resolution: percentilesOf(polls),
    changesPerS: (placed * CHANGES_PER_ORDER) / load.seconds,
  }
}

/** A thousand things to sell. */
async function openShop(sql: postgres.Sql) {
  await sql`insert into instance (name, currency, time_zone) values ('Bench', 'CNY', 'Asia/Shanghai')`
  await sql`insert into channel (code, name) values ('web', 'Web')`
  await sql`insert into warehouse (code, name) values ('main', 'Main')`
  await sql`insert into product (code, name) select 'p' || n, 'Product ' || n from generate_series(1, 1000) as n`
  await sql`insert into sku (product_id, code, name) select id, code, name from product`
}

function say(line: string) {
  process.stdout.write(`${line}\n`)
}
