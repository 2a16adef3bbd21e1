/**
 * The market's own past: `DATABASE_URL=… node bench/market/history.ts --until MOMENT [--rate R] [--seed 1] [--days 63]`.
 * What the plan would have done in the days before `--until`, posted as if it had happened. Run again with the same
 * arguments it does what is missing, so a start that was interrupted is finished by the next one.
 */
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { readCompany } from './company.ts'
import { readDatabaseUrl } from './config.ts'
import { pastOf } from './past.ts'
import { planMarket } from './plan.ts'
import { type Batch, post, prepareSession } from './posting.ts'
import { growing, rhythmOf } from './rhythm.ts'

const USAGE =
  'DATABASE_URL=… node bench/market/history.ts --until MOMENT --rate R [--seed 1] [--days 63]'
const RATE_MAX = 1
const DAYS_MAX = 366
const DAY_MS = 86_400_000
/** A company that grows: comparisons are with a little less than today. */
const WEEKLY_GROWTH = 0.02
const CONNECTIONS = 2
const ORDERS_PER_BATCH = 1_500
const RELEASES_MAX = 100_000_000

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = readArguments(args)
  if (wanted === null) {
    console.error(`usage: ${USAGE}`)
    return 2
  }
  const sql = postgres(readDatabaseUrl(), {
    max: CONNECTIONS,
    onnotice: () => {},
    connection: { application_name: 'market history' },
  })
  try {
    const startedAt = performance.now()
    const batches = planBatches(wanted, await readCompany(sql))
    // All before the first is given back: one that has had its session prepared is not for another.
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => sql.reserve()))
    const posted = await Promise.all(connections.map((each) => postFrom(each, batches)))
    await release(sql)
    const orders = posted.reduce((sum, count) => sum + count, 0)
    const seconds = Math.round(performance.now() - startedAt) / 1000
    console.log(JSON.stringify({ history: wanted.until, seed: wanted.seed, orders, seconds }))
    return 0
  } finally {
    await sql.end()
  }
}

type Wanted = { until: string; rate: number; seed: number; days: number }
type Company = Awaited<ReturnType<typeof readCompany>>

/** Cut only by the plan, so that the same plan has the same batches whoever posts them. */
function* planBatches(
  { until, rate, seed, days }: Wanted,
  { market, prices }: Company,
): Generator<Batch> {
  const end = new Date(until)
  const startsAt = new Date(end.getTime() - days * DAY_MS)
  const rhythm = growing(rhythmOf(market.time_zone), end, WEEKLY_GROWTH)
  const moment = { startsAt: startsAt.getTime(), until: end.getTime(), run: `h${seed}` }
  let batch: Batch = { orders: [], steps: [] }
  for (const visit of planMarket({ seed, ordersPerSecond: rate, startsAt, market, rhythm })) {
    if (moment.startsAt + visit.at_ms > moment.until) break
    const { steps, order } = pastOf(visit, prices, moment)
    batch.steps.push(...steps)
    if (order) batch.orders.push(order)
    if (batch.orders.length < ORDERS_PER_BATCH) continue
    yield batch
    batch = { orders: [], steps: [] }
  }
  yield batch
}

async function postFrom(
  connection: postgres.ReservedSql,
  batches: Iterator<Batch>,
): Promise<number> {
  try {
    await prepareSession(connection)
    let posted = 0
    for (let next = batches.next(); !next.done; next = batches.next()) {
      posted += await post(connection, next.value)
    }
    return posted
  } finally {
    connection.release()
  }
}

/**
 * Commission whose return window is over by now is free, as the core's own clock would have had it. In one step:
 * each looks at every amount that was ever frozen.
 */
async function release(sql: postgres.Sql): Promise<void> {
  await sql`analyze commission_entry`
  await sql`select import_release(${RELEASES_MAX})`
}

function readArguments(args: string[]): Wanted | null {
  try {
    const { values } = parseArgs({
      args,
      options: {
        until: { type: 'string' },
        rate: { type: 'string' },
        seed: { type: 'string', default: '1' },
        days: { type: 'string', default: '63' },
      },
    })
    const [rate, seed, days] = [Number(values.rate), Number(values.seed), Number(values.days)]
    const { until } = values
    if (until === undefined || Number.isNaN(Date.parse(until))) return null
    const isFit = rate > 0 && rate <= RATE_MAX && days > 0 && days <= DAYS_MAX
    return isFit && Number.isSafeInteger(seed) ? { until, rate, seed, days } : null
  } catch {
    return null
  }
}
