/** What is done with whole tables: counted, copied for the `FINAL` peer, left alone until merges are over. */
import type { ClickHouseClient } from '@clickhouse/client'
import { LEDGERS } from './dialect.ts'

const FACTS = [...LEDGERS, 'order_event'] as const
const MERGES_MS_MAX = 10 * 60_000
const MERGES_POLL_MS = 500
const QUIET_POLLS = 4
const COPY_SECONDS_MAX = 3_000

/** The usual way with change capture: rows by key, the newest version counts, as the reader finds out each time. */
export async function copyForFinal(client: ClickHouseClient) {
  for (const ledger of LEDGERS) {
    const key = await client.query({
      query: `select sorting_key from system.tables where database = currentDatabase() and name = '${ledger}'`,
      format: 'JSONCompact',
    })
    const { data } = await key.json<unknown[]>()
    await client.command({
      query: `create table final_${ledger} engine = ReplacingMergeTree(_version)
        order by (${String(data[0]?.[0])}) as select *, at_second from ${ledger}`,
      clickhouse_settings: { max_execution_time: COPY_SECONDS_MAX, max_insert_threads: '2' },
    })
  }
}

/** What ingest does when its snapshot is done: large parts get what they lack of each day. */
export async function keepDays(client: ClickHouseClient) {
  const { data } = await (
    await client.query({
      query: `select table, name from system.projections where database = currentDatabase()`,
      format: 'JSONCompact',
    })
  ).json<string[]>()
  for (const [table, projection] of data) {
    await client.command({
      query: `alter table ${table} materialize projection ${projection}`,
      clickhouse_settings: { mutations_sync: '1', max_execution_time: COPY_SECONDS_MAX },
    })
  }
}

/** A merge in the background is somebody else's noise. Bounded, because figures are worth having with it too. */
export async function settle(client: ClickHouseClient, database: string) {
  const deadline = Date.now() + MERGES_MS_MAX
  let quiet = 0
  while (quiet < QUIET_POLLS && Date.now() < deadline) {
    const running = await numberOf(
      client,
      `select count() from system.merges where database = '${database}'`,
    )
    quiet = running === 0 ? quiet + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, MERGES_POLL_MS))
  }
}

export async function countFacts(client: ClickHouseClient) {
  const counts: Record<string, number> = {}
  let rows = 0
  for (const table of FACTS) {
    const count = await numberOf(client, `select count() from ${table}`)
    counts[table] = count
    rows += count
  }
  return { rows, ...counts }
}

async function numberOf(client: ClickHouseClient, query: string) {
  const result = await client.query({ query, format: 'JSONCompact' })
  const { data } = await result.json<unknown[]>()
  return Number(data[0]?.[0])
}
