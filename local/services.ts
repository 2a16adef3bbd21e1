/** Our four processes: what runs, with what environment, and when it counts as started. */
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, startChild, tailOf } from './child.ts'
import type { Config } from './config.ts'
import type { ClickHouseUrls, PostgresUrls } from './databases.ts'
import { root } from './root.ts'

export type Service = {
  name: string
  args: string[]
  cwd: string
  port: number
  env: Record<string, string>
}

const HEALTHY_MS_MAX = 60_000
const HEALTH_POLL_MS = 50

export function addressesOf({ ports, HOST, ORIGIN }: Config) {
  const webHost = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST
  return {
    web_url: ORIGIN ?? `http://${webHost}:${ports.web}`,
    core_api_url: `http://127.0.0.1:${ports.coreApi}`,
    semantic_url: `http://127.0.0.1:${ports.semantic}`,
    ingest_url: `http://127.0.0.1:${ports.ingest}`,
  }
}

export function servicesOf(
  config: Config,
  tokenSecret: string,
  databases: { postgres: PostgresUrls; clickhouse: ClickHouseUrls },
  { isDev, webFile }: { isDev: boolean; webFile: string },
) {
  const { ports } = config
  const addresses = addressesOf(config)
  const watch = isDev ? ['--watch', '--watch-preserve-output'] : []
  const service = (name: string, file: string, port: number, env: Record<string, string>) => ({
    name,
    args: [...watch, resolve(root, file)],
    cwd: root,
    port,
    env: { HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: config.LOG_LEVEL, ...env },
  })
  const webEnvironment = {
    HOST: config.HOST,
    ORIGIN: addresses.web_url,
    CORE_API_URL: addresses.core_api_url,
    SEMANTIC_URL: addresses.semantic_url,
    INGEST_URL: addresses.ingest_url,
    TOKEN_SECRET: tokenSecret,
    ...(config.ADDRESS_HEADER !== undefined && { ADDRESS_HEADER: config.ADDRESS_HEADER }),
  }
  const web = service('web', webFile, ports.web, webEnvironment)
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const devWeb = {
    ...web,
    args: [vite, 'dev', '--port', String(ports.web), '--strictPort', '--host', config.HOST],
    cwd: join(root, 'web'),
  }
  return {
    coreApi: service('core-api', 'core-api/src/server.ts', ports.coreApi, {
      DATABASE_URL: databases.postgres.core,
      TOKEN_SECRET: tokenSecret,
      // The web server says who its visitors are, and is on this machine.
      TRUST_PROXY: 'loopback',
    }),
    ingest: service('ingest', 'ingest/src/main.ts', ports.ingest, {
      DATABASE_URL: databases.postgres.ingest,
      CLICKHOUSE_URL: databases.clickhouse.ingest,
      CHANGE_SOURCE: 'postgres',
      PIPE: 'main',
    }),
    semantic: service('semantic', 'semantic/server.ts', ports.semantic, {
      CLICKHOUSE_URL: databases.clickhouse.cube,
      TOKEN_SECRET: tokenSecret,
    }),
    web: isDev ? devWeb : web,
  }
}

/** Only what a process is meant to know: our own environment may hold the owner's password. */
export function baseEnvironment(): Record<string, string> {
  const { PATH, HOME, LANG, TMPDIR, NODE_COMPILE_CACHE } = process.env
  const known = { PATH, HOME, LANG, TMPDIR, NODE_COMPILE_CACHE, NODE_ENV: 'production' }
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

export async function startService(service: Service, dataFolder: string): Promise<Engine> {
  const log = join(dataFolder, 'log', `${service.name}.log`)
  const child = await startChild({
    command: process.execPath,
    args: service.args,
    cwd: service.cwd,
    env: { ...baseEnvironment(), ...service.env },
    log,
  })
  const host = service.env.HOST === '0.0.0.0' ? '127.0.0.1' : service.env.HOST
  if (await isHealthy(`http://${host}:${service.port}/health`, child)) return child
  await child.kill()
  throw new Error(`${service.name} did not start:\n${tailOf(log)}`)
}

async function isHealthy(url: string, child: Engine): Promise<boolean> {
  let isRunning = true
  void child.exited.then(() => (isRunning = false))
  const deadline = Date.now() + HEALTHY_MS_MAX
  while (isRunning && Date.now() < deadline) {
    const response = await fetch(url).catch(() => null)
    await response?.body?.cancel()
    if (response?.ok) return true
    await sleep(HEALTH_POLL_MS)
  }
  return false
}
