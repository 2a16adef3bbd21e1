/**
 * The simulated market: `MARKET_PASSWORD=… node bench/market/run.ts --url URL --login LOGIN --rate R [--seed 1]`.
 * Visits, orders, payments and shipments through the public API, until a signal.
 */
import { parseArgs } from 'node:util'
import { type Api, openApi, WrongLogin } from './api.ts'
import { readMarket } from './catalog.ts'
import { readPassword } from './config.ts'
import { finishLeftBehind, restock } from './operations.ts'
import { planMarket } from './plan.ts'
import { openSchedule, type Schedule } from './schedule.ts'
import { type Counts, openTraffic, type Traffic } from './traffic.ts'

const USAGE =
  'MARKET_PASSWORD=… node bench/market/run.ts --url URL --login LOGIN --rate R [--seed 1]'
const RATE_MAX = 200
const OPERATIONS_MS = 45_000
const OPERATIONS_FIRST_MS = 5_000
const REPORT_MS = 60_000
const ERRORS_PER_REPORT = 5

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = readArguments(args)
  if (wanted === null) {
    console.error(`usage: ${USAGE}`)
    return 2
  }
  const { url, login, rate, seed } = wanted
  const api = openApi({ url, login, password: readPassword() })
  const stopped = Promise.withResolvers<number>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopped.resolve(0))
  }
  let errors = 0
  const schedule = openSchedule((error) => {
    errors += 1
    if (error instanceof WrongLogin) stopped.resolve(1)
    if (errors <= ERRORS_PER_REPORT) say(messageOf(error))
  })

  let counts: Counts | undefined
  const opening = openMarket({ api, schedule, seed, rate }).then(
    (traffic) => {
      counts = traffic.counts
      schedule.later(REPORT_MS, report)
    },
    (error: unknown) => {
      if (!schedule.isStopping()) say(messageOf(error))
      stopped.resolve(1)
    },
  )
  const code = await stopped.promise
  // Calls under way are cut off: each is asked with a key, so nothing is done by halves.
  schedule.stop()
  api.stop()
  await opening
  console.log(JSON.stringify({ market: url, seed, rate, ...counts }))
  return code

  function report(): void {
    say(JSON.stringify({ ...counts, errors }))
    errors = 0
    schedule.later(REPORT_MS, report)
  }
}

type Parts = { api: Api; schedule: Schedule; seed: number; rate: number }

async function openMarket({ api, schedule, seed, rate }: Parts): Promise<Traffic> {
  const market = await readMarket(api)
  if (market.skus.length === 0 || market.channels.length === 0 || market.customers.length === 0) {
    throw new Error('there is nobody to sell to, or nothing: no customer, channel or priced sku')
  }
  const startsAt = new Date()
  const plan = planMarket({ seed, ordersPerSecond: rate, startsAt, market })
  const run = `m${seed}-${startsAt.getTime().toString(36)}`
  const traffic = openTraffic({ api, schedule, plan, run })
  say(`market open: seed ${seed}, ${rate} orders a second (one each ${Math.round(1 / rate)} s)`)
  let delivered = 0
  schedule.later(OPERATIONS_FIRST_MS, operate)
  return traffic

  async function operate(): Promise<void> {
    try {
      const sold = traffic.sold.values().reduce((sum, pieces) => sum + pieces, 0)
      delivered += await restock(api, market, traffic.sold, sold - delivered)
      await finishLeftBehind(api, new Date())
    } finally {
      schedule.later(OPERATIONS_MS, operate)
    }
  }
}

function readArguments(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        url: { type: 'string' },
        login: { type: 'string' },
        rate: { type: 'string' },
        seed: { type: 'string', default: '1' },
      },
    })
    const { url, login } = values
    const rate = Number(values.rate)
    const seed = Number(values.seed)
    const isFit = rate > 0 && rate <= RATE_MAX && Number.isSafeInteger(seed)
    return url && login && URL.canParse(url) && isFit ? { url, login, rate, seed } : null
  } catch {
    return null
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
