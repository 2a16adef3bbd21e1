/** A clone of the migrated template per test file, reached as the owner and as the application's role. */
import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import { connect, disconnect, type Sql } from '../src/lib/postgres.ts'

export type Database = {
  /** As the owner: for what a test sets up and checks, past every grant. */
  owner: Sql
  /** As the application: the grants and row security it has in production. */
  core: Sql
  /** Where the application connects. */
  url: string
  drop(): Promise<void>
}

export async function cloneDatabase(): Promise<Database> {
  const name = `t_${randomBytes(6).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  const serverUrl = inject('databaseUrl')
  const maintenance = postgres(serverUrl, { max: 1, onnotice: () => {} })
  await maintenance`create database ${maintenance(name)} template ${maintenance(inject('templateDatabase'))}`
  await maintenance.unsafe(
    `create role ${name} login password '${password}' in role tributary_core`,
  )

  const ownerUrl = new URL(serverUrl)
  ownerUrl.pathname = `/${name}`
  const url = new URL(ownerUrl)
  url.username = name
  url.password = password
  const owner = connect(ownerUrl.href)
  const core = connect(url.href)
  return { owner, core, url: url.href, drop }

  async function drop(): Promise<void> {
    await Promise.all([disconnect(owner), disconnect(core)])
    await maintenance`drop database if exists ${maintenance(name)} with (force)`
    await maintenance.unsafe(`drop role ${name}`)
    await maintenance.end()
  }
}
