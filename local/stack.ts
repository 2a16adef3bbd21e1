/** The order of a start: what can be done side by side is, what needs something waits for just that. */
import { join } from 'node:path'
import type { Config } from './config.ts'
import { migrateAnalytics, migrateCore, openClickHouse, openPostgres } from './databases.ts'
import { createAdmin, createInstance, readFirstRun, writeFirstRun } from './first-run.ts'
import { catchUp } from './freshness.ts'
import type { Progress } from './progress.ts'
import { readSecrets } from './secrets.ts'
import { type Service, addressesOf, servicesOf, startService } from './services.ts'
import type { Supervisor } from './supervise.ts'
import { buildWeb, isWebBuilt } from './web-build.ts'

export type Options = { isEmpty: boolean; isDev: boolean; seed: number; rate: number }

type Inputs = { config: Config; options: Options; progress: Progress; supervisor: Supervisor }

export async function startStack({ config, options, progress, supervisor }: Inputs) {
  const { step } = progress
  const tokenSecret = readSecrets(config.DATA_DIR).token_secret
  const build =
    options.isDev || isWebBuilt() ? Promise.resolve() : step('web build', buildOf(config))
  // Its failure is for whoever awaits it below; until then it must not count as unhandled.
  build.catch(() => {})

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
  const services = servicesOf(config, tokenSecret, { postgres, clickhouse }, options)
  const start = (service: Service) =>
    step(service.name, () =>
      supervisor.keep(service.name, () => startService(service, config.DATA_DIR)),
    )

  const before = readFirstRun(config.DATA_DIR)
  if (!before) await createInstance(postgres.owner, config)
  const web = build.then(() => start(services.web))
  const [firstRun] = await Promise.all([
    start(services.coreApi).then(() => before ?? firstRunOf()),
    start(services.ingest),
    start(services.semantic),
    web,
  ])
  const { ingest_url } = addressesOf(config)
  const freshMs = await step('change stream', () => catchUp(postgres.owner, ingest_url))
  return { postgres, clickhouse, tokenSecret, firstRun, freshMs, isFirst: before === null }

  async function firstRunOf() {
    const made = await step('administrator', () => createAdmin(postgres.core, config))
    writeFirstRun(config.DATA_DIR, made)
    return made
  }
}

function buildOf(config: Config) {
  return () => buildWeb(join(config.DATA_DIR, 'log', 'web-build.log'))
}
