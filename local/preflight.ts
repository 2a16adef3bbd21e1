/** What would stop a start later, said at once and in words. */
import { mkdirSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config, Ports } from './config.ts'
import { isPortTaken } from './port.ts'
import { Problem } from './problem.ts'

const FREE_BYTES_MIN = 500_000_000
/** The children of a supervisor that was killed end by themselves, but not at once. */
const ORPHAN_MS_MAX = 9_000
const ORPHAN_POLL_MS = 250

const PORT_NAMES: Record<keyof Ports, string> = {
  web: 'web',
  coreApi: 'core-api',
  semantic: 'semantic',
  ingest: 'ingest',
  clickhouseHttp: 'ClickHouse HTTP',
  clickhouseTcp: 'ClickHouse native',
  postgres: 'Postgres',
}

export function assertRoom(folder: string) {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new Problem(`DATA_DIR ${folder} cannot be made: ${String(error)}`)
  }
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize >= FREE_BYTES_MIN) return
  const megabytes = Math.floor((bavail * bsize) / 1e6)
  throw new Problem(
    `Only ${megabytes} MB are free for ${folder}: make ${FREE_BYTES_MIN / 1e6} MB of room, or point DATA_DIR at another disk.`,
  )
}

export async function assertPortsFree(config: Config, { wasAbandoned }: { wasAbandoned: boolean }) {
  const deadline = Date.now() + (wasAbandoned ? ORPHAN_MS_MAX : 0)
  for (;;) {
    const taken = await firstTaken(config)
    if (taken === null) return
    if (Date.now() >= deadline) {
      throw new Problem(
        `Port ${taken.port} (${taken.name}) is taken: set PORT_BASE=18000, say, to move all ports, or stop the program that has it.`,
      )
    }
    await sleep(ORPHAN_POLL_MS)
  }
}

async function firstTaken(config: Config): Promise<{ port: number; name: string } | null> {
  for (const part of partsOf(config)) {
    const host = part === 'web' ? config.HOST : '127.0.0.1'
    const port = config.ports[part]
    if (await isPortTaken(port, host)) return { port, name: PORT_NAMES[part] }
  }
  return null
}

/** A server of one's own leaves the ports of the embedded one alone. */
function partsOf(config: Config): (keyof Ports)[] {
  return [
    'web',
    'coreApi',
    'semantic',
    'ingest',
    ...(config.CLICKHOUSE_URL ? [] : (['clickhouseHttp', 'clickhouseTcp'] as const)),
    ...(config.DATABASE_URL ? [] : (['postgres'] as const)),
  ]
}
