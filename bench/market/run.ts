/**
 * The simulated market: `MARKET_PASSWORD=… node bench/market/run.ts --url URL --login LOGIN [--rate 2] [--seed 1]`.
 * Visits, orders, payments and shipments through the public API, until a signal.
 */
import { parseArgs } from 'node:util'
import { openApi } from './api.ts'
import { readMarket } from './catalog.ts'
import { readPassword } from './config.ts'
import { finishLeftBehind, restock } from './operations.ts'
import { planMarket } from './plan.ts'
import { isFatal, openTraffic } from './traffic.ts'

const USAGE =
  'MARKET_PASSWORD=… node bench/market/run.ts --url URL --login LOGIN [--rate 2] [--seed 1]'
const RATE_MAX = 200
const OPERATIONS_MS = 45_000
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
    process.on(signal, () => {
      api.stop()
      stopped.resolve(0)
    })
  }

  let errors = 0
  const onError = (error: unknown) => {
    if (isFatal(error)) stopped.resolve(1)
    errors += 1
    if (errors <= ERRORS_PER_REPORT) say(error instanceof Error ? error.message : String(error))
  }
  const opening = open({ api, seed, rate, onError })
  opening.catch((error: unknown) => {
    onError(error)
    stopped.resolve(1)
  })
  const code = await stopped.promise
  const traffic = await Promise.race([opening, Promise.resolve(null)]).catch(() => null)
  await traffic?.stop()
  console.log(JSON.stringify({ market: url, seed, rate, ...traffic?.counts }))
  // Calls under way are cut off by stop(); nothing else keeps this process.
  return code

  async function open(parts: Parameters<typeof openMarket>[0]) {
    const market = await openMarket(parts)
    setInterval(() => {
      say(JSON.stringify({ ...market.counts, errors }))
      errors = 0
    }, REPORT_MS).unref()
    return market
  }
}

type Parts = {
  api: ReturnType<typeof openApi>
  seed: number
  rate: number
  onError: (error: unknown) => void
}

async function openMarket({ api, seed, rate, onError }: Parts) {
  const market = await readMarket(api)
  if (market.skus.length === 0 || market.channels.length === 0) {
    throw new Error('there is nothing to sell: no sku with a price, or no channel')
  }
  const startsAt = new Date()
  const run = `m${seed}-${startsAt.getTime().toString(36)}`
  const traffic = openTraffic(api, run, onError)
  traffic.play(planMarket({ seed, ordersPerSecond: rate, startsAt, market }))
  say(`market open: seed ${seed}, ${rate} orders a second`)

  const operate = async () => {
    traffic.later(OPERATIONS_MS, operate)
    await restock(api, market, traffic.sold)
    await finishLeftBehind(api, new Date())
  }
  traffic.later(OPERATIONS_MS / 10, operate)
  return traffic
}

function readArguments(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        url: { type: 'string' },
        login: { type: 'string' },
        rate: { type: 'string', default: '2' },
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

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
