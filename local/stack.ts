/** The order of a start: what can be done side by side is, what needs something waits for just that. */
import { join } from 'node:path'
import type { Config } from './config.ts'
import { migrateAnalytics, migrateCore, openClickHouse, openPostgres } from './databases.ts'
import { type FirstRun, readFirstRun, setUpDemo, setUpEmpty } from './first-run.ts'
import { catchUp } from './freshness.ts'
import { startMarket, tellLiveRate } from './market.ts'
import type { Progress } from './progress.ts'
import { readSecrets } from './secrets.ts'
import { type Service, addressesOf, servicesOf, startService } from './services.ts'
import type { Supervisor } from './supervise.ts'
import { buildWeb, webBuild } from './web-build.ts'

export type Options = { isEmpty: boolean; isDev: boolean; seed: number; rate: number }

type Inputs = { config: Config; options: Options; progress: Progress; supervisor: Supervisor }

export async function startStack({ config, options, progress, supervisor }: Inputs) {
  const { step } = progress
  const tokenSecret = readSecrets(config.DATA_DIR).token_secret
  const known = webBuild()
  const build =
    options.isDev || known.isBuilt
      ? Promise.resolve(known.file)
      : step('web build', () => buildWeb(join(config.DATA_DIR, 'log', 'web-build.log')))
  // Its failure is for whoever awaits it below; until then it must not count as unhandled.
  build.catch(() => {})

  const before = readFirstRun(config.DATA_DIR)
  const [postgres, clickhouse] = await Promise.all([
    step('Postgres', () => openPostgres(config, supervisor)).then(async (urls) => {
      await step('Postgres schema', () => migrateCore(urls))
      return urls
    }),
    step('ClickHouse', () => openClickHouse(config, supervisor)).then(async (urls) => {
      await step('ClickHouse schema', () => migrateAnalytics(urls))
      return urls
    }),
  ])
  const services = (webFile: string) =>
    servicesOf(config, tokenSecret, { postgres, clickhouse }, { isDev: options.isDev, webFile })
  const start = (service: Service) =>
    step(service.name, () =>
      supervisor.keep(service.name, () => startService(service, config.DATA_DIR)),
    )
  const { coreApi, ingest, semantic } = services(known.file)
  const [firstRun] = await Promise.all([
    runFirst().then(async (done) => {
      // After the history is in: the stream's snapshot copies it, which is faster than streaming it.
      await start(ingest)
      return done
    }),
    start(coreApi),
    start(semantic),
    build.then((file) => start(services(file).web)),
  ])
  const { ingest_url, core_api_url } = addressesOf(config)
  const freshMs = await step('change stream', () => catchUp(postgres.owner, ingest_url))
  if (firstRun.is_demo) {
    const rate = options.isEmpty ? 0 : options.rate
    await tellLiveRate(postgres.owner, rate)
    const market = { coreApiUrl: core_api_url, folder: config.DATA_DIR, seed: options.seed, rate }
    if (rate > 0) await supervisor.keep('the market', () => startMarket(firstRun, market))
  }
  return { postgres, clickhouse, tokenSecret, firstRun, freshMs, isFirst: before === null }

  async function runFirst(): Promise<FirstRun> {
    if (before) return before
    return step('first run', () =>
      options.isEmpty ? setUpEmpty(postgres, config) : setUpDemo(postgres, config, options),
    )
  }
}
