/** How far ClickHouse is behind Postgres, asked of the change stream's own watermark. */
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'

const Watermark = Type.Object({ lsn: Type.String(), commit_at: Type.String() })

const CAUGHT_UP_MS_MAX = 120_000
const POLL_MS = 100
const ANSWER_MS_MAX = 5_000

/** Waits until everything committed before the call can be queried; returns how old the data is. */
export async function catchUp(databaseUrl: string, ingestUrl: string): Promise<number | null> {
  const wanted = await currentLsn(databaseUrl)
  const deadline = Date.now() + CAUGHT_UP_MS_MAX
  while (Date.now() < deadline) {
    const watermark = await readWatermark(ingestUrl).catch(() => null)
    if (watermark && BigInt(watermark.lsn) >= wanted) {
      return Math.max(0, Date.now() - Date.parse(watermark.commit_at))
    }
    await sleep(POLL_MS)
  }
  return null
}

async function currentLsn(databaseUrl: string): Promise<bigint> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    const [row] = await sql<{ lsn: string }[]>`
      select (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint::text as lsn
    `
    return BigInt(row?.lsn ?? 0)
  } finally {
    await sql.end()
  }
}

/** The stream says where it stands as soon as one connects, so the first event is the answer. */
async function readWatermark(ingestUrl: string): Promise<Static<typeof Watermark> | null> {
  const abort = new AbortController()
  const limit = setTimeout(() => abort.abort(), ANSWER_MS_MAX)
  try {
    const response = await fetch(`${ingestUrl}/watermarks`, { signal: abort.signal })
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8')
      const line = /^data: *(.+)\n/m.exec(text)?.[1]
      if (line === undefined) continue
      const data: unknown = JSON.parse(line)
      return Value.Check(Watermark, data) ? data : null
    }
    return null
  } finally {
    clearTimeout(limit)
    abort.abort()
  }
}
