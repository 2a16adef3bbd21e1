/** ClickHouse's own replication from Postgres, in the same embedded server: the peer of two benchmarks. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type Bench } from './engines.ts'

export const PEER = 'peer'

const READY_MS_MAX = 180_000
const POLL_MS = 5

/** Follows tables; resolves when the first copy of one of them holds all its rows. */
export async function startMaterialized(
  { client, server }: Bench,
  tables: string[],
  copied: { table: string; rows: number },
) {
  const { host, password } = addressOf(server.url())
  await client.command({
    query: `
      create database ${PEER}
      engine = MaterializedPostgreSQL('${host}', 'postgres', 'postgres', '${password}')
      settings materialized_postgresql_tables_list = '${tables.join(',')}'`,
    clickhouse_settings: { allow_experimental_database_materialized_postgresql: 1 },
  })
  const deadline = Date.now() + READY_MS_MAX
  while (Date.now() < deadline) {
    const count = await ask(client, `select count() from ${PEER}.${copied.table}`).catch(() => '0')
    if (Number(count) >= copied.rows) return
    await sleep(POLL_MS)
  }
  throw new Error('MaterializedPostgreSQL did not finish its first copy')
}

export async function stopMaterialized({ client }: Bench) {
  await client.command({ query: `drop database if exists ${PEER} sync` })
}

export function addressOf(url: string) {
  const { host, password } = new URL(url)
  return { host, password }
}
