/** Both databases, embedded or by address, up to date and with the users the services log in as. */
import { createClient } from '@clickhouse/client'
import postgres from 'postgres'
import { migrateClickHouse, migratePostgres } from '../sql/migrate.ts'
import { startClickHouse } from './clickhouse.ts'
import type { Config } from './config.ts'
import { createUsers, startPostgres } from './postgres.ts'
import { Problem } from './problem.ts'
import { readSecrets } from './secrets.ts'
import type { Supervisor } from './supervise.ts'

export type PostgresUrls = { owner: string; core: string; ingest: string }
export type ClickHouseUrls = { admin: string; ingest: string; cube: string }

const DATABASE = 'tributary'

export async function openPostgres(config: Config, supervisor: Supervisor): Promise<PostgresUrls> {
  if (config.DATABASE_URL) return givenPostgres(config.DATABASE_URL, config)

  const server = await supervisor.keep('Postgres', () =>
    startPostgres({
      folder: config.DATA_DIR,
      port: config.ports.postgres,
      settings: { shared_buffers: config.POSTGRES_SHARED_BUFFERS },
    }),
  )
  const owner = postgres(server.url(), { max: 1, onnotice: () => {} })
  const [existing] = await owner`select 1 from pg_database where datname = ${DATABASE}`
  if (!existing) await owner`create database ${owner(DATABASE)}`
  await owner.end()
  return {
    owner: server.url('postgres', DATABASE),
    core: server.url('core', DATABASE),
    ingest: server.url('ingest', DATABASE),
  }
}

/** A server of one's own: its log-ins are made once, and one that is there already is left alone. */
async function givenPostgres(url: string, config: Config): Promise<PostgresUrls> {
  const secrets = readSecrets(config.DATA_DIR)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [row] = await sql<
      { wal_level: string }[]
    >`select current_setting('wal_level') as wal_level`
    if (row?.wal_level !== 'logical') {
      throw new Problem('The Postgres of DATABASE_URL needs wal_level=logical and a restart.')
    }
    await createUsers(sql, secrets)
  } finally {
    await sql.end()
  }
  return {
    owner: url,
    core: withUser(url, 'core', secrets.postgres_core),
    ingest: withUser(url, 'ingest', secrets.postgres_ingest),
  }
}

export async function openClickHouse(
  config: Config,
  supervisor: Supervisor,
): Promise<ClickHouseUrls> {
  if (config.CLICKHOUSE_URL) {
    const admin = config.CLICKHOUSE_URL
    return { admin, ingest: admin, cube: config.CUBE_CLICKHOUSE_URL ?? admin }
  }
  const server = await supervisor.keep('ClickHouse', () =>
    startClickHouse({
      folder: config.DATA_DIR,
      httpPort: config.ports.clickhouseHttp,
      tcpPort: config.ports.clickhouseTcp,
      memoryBytes: config.CLICKHOUSE_MEMORY_BYTES,
    }),
  )
  return { admin: server.url('admin'), ingest: server.url('ingest'), cube: server.url('cube') }
}

export async function migrateCore({ owner }: Pick<PostgresUrls, 'owner'>): Promise<string[]> {
  const sql = postgres(owner, { max: 1, onnotice: () => {} })
  try {
    return await migratePostgres(sql)
  } finally {
    await sql.end()
  }
}

export async function migrateAnalytics({
  admin,
}: Pick<ClickHouseUrls, 'admin'>): Promise<string[]> {
  const client = createClient({ url: admin })
  try {
    return await migrateClickHouse(client)
  } finally {
    await client.close()
  }
}

function withUser(url: string, name: string, password: string): string {
  const changed = new URL(url)
  changed.username = name
  changed.password = password
  return changed.href
}
