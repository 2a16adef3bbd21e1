/** The demo's simulated market: a client of the public API like any other, in a process of its own. */
import { join } from 'node:path'
import postgres from 'postgres'
import { type Engine, startChild } from './child.ts'
import type { FirstRun } from './first-run.ts'
import { root } from './root.ts'
import { baseEnvironment } from './services.ts'

type Market = { coreApiUrl: string; folder: string; seed: number; rate: number }

export function startMarket(
  { login, password }: FirstRun,
  { coreApiUrl, folder, seed, rate }: Market,
): Promise<Engine> {
  return startChild({
    command: process.execPath,
    args: [
      join(root, 'bench/market/run.ts'),
      ...['--url', coreApiUrl, '--login', login],
      ...['--rate', String(rate), '--seed', String(seed)],
    ],
    env: { ...baseEnvironment(), MARKET_PASSWORD: password },
    log: join(folder, 'log', 'market.log'),
  })
}

/** The pages say how busy the market is, so they must be told when a start changes it. */
export async function tellLiveRate(ownerUrl: string, rate: number) {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`
      update instance
      set demo = demo || jsonb_build_object('live_rate', ${rate}::numeric)
      where demo is not null and demo -> 'live_rate' is distinct from to_jsonb(${rate}::numeric)
    `
  } finally {
    await sql.end()
  }
}
