/**
 * Applies the numbered files of `postgres/` and `clickhouse/`, each once, in order. A file that was
 * applied and has changed since is refused: forward-only means what it says.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClickHouseClient } from '@clickhouse/client'
import type { Sql } from 'postgres'

export type Migration = { name: string; text: string; checksum: string }

const LOCK_KEY = 7_243_001

export class MigrationChanged extends Error {
  constructor(name: string) {
    super(
      `${name} was applied before and has changed since: put it back and add a new file instead`,
    )
    this.name = 'MigrationChanged'
  }
}

export async function readMigrations(folder: 'postgres' | 'clickhouse'): Promise<Migration[]> {
  const base = new URL(`./${folder}/`, import.meta.url)
  const names = (await readdir(base)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, base), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/**
 * Brings a Postgres database up to date as its owner; returns the names applied now.
 * Two callers at once: the second waits for the first, then finds nothing to do.
 */
export async function migratePostgres(sql: Sql): Promise<string[]> {
  const migrations = await readMigrations('postgres')
  const connection = await sql.reserve()
  try {
    await connection`select pg_advisory_lock(${LOCK_KEY})`
    await connection`
      create table if not exists schema_migration (
        name text primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
      )
    `
    const rows = await connection<{ name: string; checksum: string }[]>`
      select name, checksum from schema_migration
    `
    const pending = pendingOf(migrations, new Map(rows.map((row) => [row.name, row.checksum])))
    for (const { name, text, checksum } of pending) {
      await connection.unsafe('begin')
      try {
        await connection.unsafe(text)
        await connection`insert into schema_migration (name, checksum) values (${name}, ${checksum})`
        await connection.unsafe('commit')
      } catch (error) {
        await connection.unsafe('rollback')
        throw new Error(`sql/postgres/${name} failed`, { cause: error })
      }
    }
    return pending.map((migration) => migration.name)
  } finally {
    await connection`select pg_advisory_unlock(${LOCK_KEY})`.catch(() => {})
    connection.release()
  }
}

/** Brings ClickHouse up to date. Its DDL is not transactional, so every statement is written to bear a repeat. */
export async function migrateClickHouse(client: ClickHouseClient): Promise<string[]> {
  const migrations = await readMigrations('clickhouse')
  await client.command({ query: 'create database if not exists analytics' })
  await client.command({
    query: `
      create table if not exists analytics.schema_migration (
        name String, checksum String, applied_at DateTime64(3, 'UTC') default now64(3)
      ) engine = MergeTree order by name settings fsync_after_insert = 1`,
  })
  const result = await client.query({
    query: 'select name, checksum from analytics.schema_migration',
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ name: string; checksum: string }>()
  const pending = pendingOf(migrations, new Map(rows.map((row) => [row.name, row.checksum])))
  for (const { name, text, checksum } of pending) {
    for (const query of statementsOf(text)) {
      await client.command({ query }).catch((error: unknown) => {
        throw new Error(`sql/clickhouse/${name} failed`, { cause: error })
      })
    }
    await client.insert({
      table: 'analytics.schema_migration',
      values: [{ name, checksum }],
      format: 'JSONEachRow',
    })
  }
  return pending.map((migration) => migration.name)
}

/** Statements end with a semicolon at the end of a line; comments between them are dropped. */
export function statementsOf(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

function pendingOf(migrations: Migration[], applied: Map<string, string>): Migration[] {
  for (const { name, checksum } of migrations) {
    const known = applied.get(name)
    if (known !== undefined && known !== checksum) throw new MigrationChanged(name)
  }
  return migrations.filter(({ name }) => !applied.has(name))
}
