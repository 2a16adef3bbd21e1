import { join } from 'node:path'
import { type Engine, startChild, tailOf } from './child.ts'
import { isPortTaken } from './port.ts'
import { readSecrets } from './secrets.ts'

export type ClickHouseUser = 'admin' | 'ingest' | 'cube'
export type ClickHouse = Engine & { url: (user: ClickHouseUser) => string }

type Options = {
  folder: string
  httpPort: number
  tcpPort: number
  memoryBytes?: number
  /** For tests that stand between the server and its disk. */
  environment?: Record<string, string>
}

const MEMORY_BYTES_DEFAULT = 2 * 1024 ** 3
const READY_MS_MAX = 120_000
const READY_POLL_MS = 25

/** The real ClickHouse server, out of npm's chdb, on its own HTTP and native ports. */
export async function startClickHouse({
  folder,
  httpPort,
  tcpPort,
  memoryBytes = MEMORY_BYTES_DEFAULT,
  environment = {},
}: Options): Promise<ClickHouse> {
  // The engine takes a failed listen for a warning, so another server would answer in its place.
  for (const port of [httpPort, tcpPort]) {
    if (await isPortTaken(port, '127.0.0.1')) throw new Error(`port ${port} is taken`)
  }
  const secrets = readSecrets(folder)
  const passwords = {
    admin: secrets.clickhouse_admin,
    ingest: secrets.clickhouse_ingest,
    cube: secrets.clickhouse_cube,
  }
  const log = join(folder, 'log', 'clickhouse.log')
  const engine = await startChild({
    command: process.execPath,
    args: [
      join(import.meta.dirname, 'clickhouse', 'server.ts'),
      join(folder, 'clickhouse'),
      join(import.meta.dirname, 'clickhouse', 'config.xml'),
      String(httpPort),
      String(tcpPort),
    ],
    log,
    isEngine: true,
    env: {
      PATH: process.env.PATH,
      TZ: 'UTC',
      CLICKHOUSE_MEMORY_BYTES: String(memoryBytes),
      CLICKHOUSE_ADMIN_PASSWORD: passwords.admin,
      CLICKHOUSE_INGEST_PASSWORD: passwords.ingest,
      CLICKHOUSE_CUBE_PASSWORD: passwords.cube,
      ...environment,
    },
  })
  await ready(engine, httpPort, log)
  return { ...engine, url: (user) => `http://${user}:${passwords[user]}@127.0.0.1:${httpPort}` }
}

async function ready(engine: Engine, port: number, log: string) {
  let isRunning = true
  void engine.exited.then(() => (isRunning = false))
  const deadline = Date.now() + READY_MS_MAX
  while (isRunning && Date.now() < deadline) {
    const response = await fetch(`http://127.0.0.1:${port}/ping`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))
  }
  await engine.kill()
  throw new Error(`ClickHouse did not start:\n${tailOf(log)}`)
}
