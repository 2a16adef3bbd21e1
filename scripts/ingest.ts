/** `npm run ingest`: change capture alone, from any Postgres to any ClickHouse, or to one started here. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startClickHouse } from '../local/clickhouse.ts'
import { stopChildren } from '../local/child.ts'
import { type Config, readConfig } from '../local/config.ts'
import { lockFolder } from '../local/lock.ts'
import { Problem } from '../local/problem.ts'
import { root } from '../local/root.ts'
import { readSecrets } from '../local/secrets.ts'

const WRONG_USAGE = 2
const args = process.argv.slice(2)
const isAsking = args.includes('--resync') || args.includes('--check')

process.exitCode = await main()

async function main(): Promise<number> {
  const config = readConfig()
  if (!config.DATABASE_URL) {
    process.stderr.write(
      "DATABASE_URL is not set: DATABASE_URL=postgres://… npm run ingest -- --tables 'public.*' --database NAME\n",
    )
    return WRONG_USAGE
  }
  let unlock = () => {}
  try {
    if (!config.CLICKHOUSE_URL && !isAsking) unlock = lockFolder(config.DATA_DIR).unlock
    const clickhouseUrl = config.CLICKHOUSE_URL ?? (await embedded(config))
    return await run(config, clickhouseUrl)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  } finally {
    await stopChildren()
    unlock()
  }
}

/** Questions go to the ClickHouse that a running `npm run ingest` of the same folder has started. */
async function embedded({ DATA_DIR, ports, CLICKHOUSE_MEMORY_BYTES }: Config): Promise<string> {
  if (isAsking) {
    const { clickhouse_ingest } = readSecrets(DATA_DIR)
    return `http://ingest:${clickhouse_ingest}@127.0.0.1:${ports.clickhouseHttp}`
  }
  const server = await startClickHouse({
    folder: DATA_DIR,
    httpPort: ports.clickhouseHttp,
    tcpPort: ports.clickhouseTcp,
    memoryBytes: CLICKHOUSE_MEMORY_BYTES,
  })
  return server.url('ingest')
}

/** Ends as the process itself ends; signals are its to answer, and the engine goes after it. */
function run({ ports }: Config, clickhouseUrl: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'ingest/src/main.ts'), ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { PORT: String(ports.ingest), ...process.env, CLICKHOUSE_URL: clickhouseUrl },
      detached: true,
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
