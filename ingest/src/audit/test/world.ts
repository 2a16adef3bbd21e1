/** A company of its own for a test file: a database, its analytics, and the stream between them. */
import { randomBytes } from 'node:crypto'
import { createClient } from '@clickhouse/client'
import postgres from 'postgres'
import { inject } from 'vitest'
import { readMigrations, statementsOf } from '../../../../sql/migrate.ts'
import { createLog } from '../../log.ts'
import { readFlags } from '../../scope.ts'
import { runSession } from '../../session.ts'
import { connectSink, type Sink } from '../../sink/clickhouse.ts'
import { createState } from '../../state.ts'
import type { Databases } from '../moment.ts'

/** How long a walsender may take to end. */
const SLOT_MS_MAX = 10_000

const STREAMING_MS_MAX = 30_000

export type World = {
  databases: Databases
  /** What a command needs to find it. */
  environment: { DATABASE_URL: string; CLICKHOUSE_URL: string; PIPE: string }
  /** As the owner: for what a test sets up, and for damage. */
  sql: postgres.Sql
  clickhouse: Sink['client']
  /** Starts the real stream; stopping it leaves everything where it is. */
  stream(): Promise<() => Promise<void>>
  drop(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const name = `audit_${randomBytes(5).toString('hex')}`
  const maintenance = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} })
  await maintenance`create database ${maintenance(name)} template ${maintenance(inject('templateDatabase'))}`
  const databaseUrl = withPath(inject('databaseUrl'), name)
  const clickhouseUrl = withPath(inject('clickhouseUrl'), name)
  const admin = createClient({ url: inject('clickhouseUrl') })
  await admin.command({ query: `create database ${name}` })
  for (const { text } of await readMigrations('clickhouse')) {
    for (const query of statementsOf(text.replaceAll('analytics.', `${name}.`)))
      await admin.command({ query })
  }

  const sql = postgres(databaseUrl, { max: 8, onnotice: () => {} })
  const sink = connectSink({ url: clickhouseUrl, pipe: name })
  return {
    databases: { databaseUrl, sink },
    environment: { DATABASE_URL: databaseUrl, CLICKHOUSE_URL: clickhouseUrl, PIPE: name },
    sql,
    clickhouse: sink.client,
    stream: () => startStream({ databaseUrl, clickhouseUrl, pipe: name }),
    async drop() {
      await Promise.all([sql.end(), sink.close()])
      // Postgres takes a moment to see that whoever read from it is gone.
      await maintenance`
        select pg_terminate_backend(active_pid, ${SLOT_MS_MAX})
        from pg_replication_slots
        where slot_name = ${`tributary_${name}`} and active
      `
      await maintenance`
        select pg_drop_replication_slot(slot_name)
        from pg_replication_slots
        where slot_name = ${`tributary_${name}`}
      `
      await maintenance`drop database ${maintenance(name)} with (force)`
      await admin.command({ query: `drop database ${name} sync` })
      await Promise.all([maintenance.end(), admin.close()])
    },
  }
}

async function startStream(given: { databaseUrl: string; clickhouseUrl: string; pipe: string }) {
  const stop = new AbortController()
  const state = createState()
  const session = runSession({
    scope: readFlags([]).scope,
    config: {
      HOST: '127.0.0.1',
      PORT: 0,
      DATABASE_URL: given.databaseUrl,
      CLICKHOUSE_URL: given.clickhouseUrl,
      CHANGE_SOURCE: 'postgres',
      PIPE: given.pipe,
      AUDIT_EVERY_S: 0,
      WAL_WARN_BYTES: 1024 ** 3,
      WAL_DROP_BYTES: 0,
      LOG_LEVEL: 'error',
    },
    state,
    log: createLog('error'),
    stop: stop.signal,
    isFresh: false,
  })
  const failed = session.then(() => Promise.reject(new Error('the stream ended before it began')))
  failed.catch(() => {})
  await Promise.race([failed, untilStreaming(state)])
  return async () => {
    stop.abort()
    await session
  }
}

async function untilStreaming(state: { phase: string }) {
  const deadline = Date.now() + STREAMING_MS_MAX
  while (state.phase !== 'streaming') {
    if (Date.now() > deadline) throw new Error(`the stream is ${state.phase} still`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function withPath(url: string, path: string): string {
  const changed = new URL(url)
  changed.pathname = `/${path}`
  return changed.href
}
