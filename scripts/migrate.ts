/** `npm run migrate`: both databases up to date, wherever they are, and what was applied. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { stopChildren } from '../local/child.ts'
import { type Config, readConfig } from '../local/config.ts'
import { migrateAnalytics, migrateCore, openClickHouse, openPostgres } from '../local/databases.ts'
import { lockFolder } from '../local/lock.ts'
import { Problem, explain } from '../local/problem.ts'
import { createSupervisor } from '../local/supervise.ts'
import { MigrationChanged } from '../sql/migrate.ts'

if (process.argv.length > 2) {
  process.stderr.write('usage: npm run migrate\n')
  process.exitCode = 2
} else {
  process.exitCode = await main()
}

async function main(): Promise<number> {
  let unlock = () => {}
  const supervisor = createSupervisor((line) => process.stderr.write(`${line}\n`))
  const stop = async () => {
    supervisor.stop()
    await stopChildren()
    unlock()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop().then(() => process.exit(1)))
  }
  try {
    const config = withRunningInstance(readConfig())
    if (!config.DATABASE_URL || !config.CLICKHOUSE_URL) unlock = lockFolder(config.DATA_DIR).unlock
    const postgres = await migrateCore(await openPostgres(config, supervisor))
    const clickhouse = await migrateAnalytics(await openClickHouse(config, supervisor))
    process.stdout.write(`${JSON.stringify({ migrate: 'done', postgres, clickhouse })}\n`)
    return 0
  } catch (error) {
    const isKnown = error instanceof Problem || error instanceof MigrationChanged
    const text = error instanceof Error ? inspect(error) : String(error)
    process.stderr.write(`${isKnown ? error.message : (explain(text) ?? text)}\n`)
    return 1
  } finally {
    await stop()
  }
}

/** An instance that runs has its engines open already; two on the same files would destroy them. */
function withRunningInstance(config: Config): Config {
  try {
    const file = join(config.DATA_DIR, 'instance.json')
    const { database_url, clickhouse_url }: Record<string, unknown> = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    return {
      ...config,
      DATABASE_URL: config.DATABASE_URL ?? String(database_url),
      CLICKHOUSE_URL: config.CLICKHOUSE_URL ?? String(clickhouse_url),
    }
  } catch {
    return config
  }
}
