/**
 * One Postgres and one ClickHouse for a whole test run, in a folder that goes with it. Every test
 * file clones the migrated template database, so no file sees another's rows.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@clickhouse/client'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { startClickHouse } from '../local/clickhouse.ts'
import { freePort } from '../local/port.ts'
import { startPostgres } from '../local/postgres.ts'
import { migrateClickHouse, migratePostgres } from '../sql/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    templateDatabase: string
    clickhouseUrl: string
  }
}

/** Nothing in a test outlives the run, so nothing is forced to disk. */
const UNSAFE_AND_FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
}

export async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'))
  // Postgres runs as nobody when we are root, and must reach its files.
  chmodSync(folder, 0o755)
  const [database, clickhouse] = await Promise.all([
    givenPostgres() ?? ownPostgres(folder),
    givenClickHouse() ?? ownClickHouse(folder),
  ])
  const templateDatabase = `template_${randomBytes(4).toString('hex')}`
  await Promise.all([
    migrateTemplate(database.url, templateDatabase),
    migrateAnalytics(clickhouse.url),
  ])
  project.provide('databaseUrl', database.url)
  project.provide('templateDatabase', templateDatabase)
  project.provide('clickhouseUrl', clickhouse.url)

  return async function teardown() {
    if (!database.stop) await dropTemplate(database.url, templateDatabase)
    await Promise.all([database.stop?.(), clickhouse.stop?.()])
    rmSync(folder, { recursive: true, force: true })
  }
}

type Server = { url: string; stop?: () => Promise<void> }

function givenPostgres(): Server | undefined {
  const url = process.env.DATABASE_URL
  return url ? { url } : undefined
}

function givenClickHouse(): Server | undefined {
  const url = process.env.CLICKHOUSE_URL
  return url ? { url } : undefined
}

async function ownPostgres(folder: string): Promise<Server> {
  const server = await startPostgres({ folder, port: await freePort(), settings: UNSAFE_AND_FAST })
  return { url: server.url(), stop: server.stop }
}

async function ownClickHouse(folder: string): Promise<Server> {
  const [httpPort, tcpPort] = [await freePort(), await freePort()]
  const server = await startClickHouse({ folder, httpPort, tcpPort })
  return { url: server.url('admin'), stop: server.stop }
}

async function migrateTemplate(url: string, name: string) {
  const maintenance = postgres(url, { max: 1, onnotice: () => {} })
  await maintenance`create database ${maintenance(name)}`
  const template = postgres(url, { max: 1, database: name, onnotice: () => {} })
  await migratePostgres(template)
  await template.end()
  await maintenance.end()
}

async function migrateAnalytics(url: string) {
  const client = createClient({ url })
  await migrateClickHouse(client)
  await client.close()
}

async function dropTemplate(url: string, name: string) {
  const maintenance = postgres(url, { max: 1, onnotice: () => {} })
  await maintenance`drop database if exists ${maintenance(name)} with (force)`
  await maintenance.end()
}
