/** History for tests: rows in words of the business, written to files and brought in by a map. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import postgres from 'postgres'
import { importHistory, type Outcome } from '../src/import/history.ts'
import { parseMap } from '../src/import/map.ts'
import { IMPORT_CONNECTIONS } from '../src/import/posting.ts'
import { openReport } from '../src/import/report.ts'
import { cloneDatabase, type Database } from './database.ts'

export type Reported = { file: string; line: number; document: string | null; code: string }
export type Imported = Outcome & { report: Reported[] }

/** A shop whose lines carry everything in one file. */
export const SHOP = {
  source: 'shop',
  currency: 'Currency',
  document: 'Order',
  at: { column: 'At', format: 'YYYY-MM-DD HH:mm' },
  sku: { code: 'Sku', name: 'Name' },
  quantity: 'Pieces',
  amount: { unit_price: 'Price' },
  cost: { unit: 'Cost' },
  customer: { code: 'Customer', unknown: { code: 'walk-in', name: 'Walk-in' } },
  distributor: { levels: ['Seller'] },
  channel: 'Channel',
  channels: [{ code: 'web', name: 'Web' }],
  warehouse: { constant: 'main' },
  warehouses: [{ code: 'main', name: 'Main' }],
  rules: [
    { when: { document: '^A' }, then: { kind: 'adjustment', account: 'bad_debt' } },
    { when: { quantity: 'negative', price: 'zero' }, then: { kind: 'write_off' } },
    { when: { quantity: 'negative' }, then: { kind: 'return' } },
    { when: { sku: '^FREIGHT$' }, then: { role: 'shipping' } },
    { when: { sku: '^VOUCHER$' }, then: { role: 'discount' } },
    { when: { sku: '^WRAP$' }, then: { role: 'service' } },
  ],
}

export type Row = Partial<Record<keyof typeof USUAL, string | number>>
const USUAL = {
  Order: 'O-1',
  At: '2026-03-02 10:00',
  Sku: 'PEN',
  Name: 'Pen',
  Pieces: 1,
  Price: '10.00',
  Cost: '4.00',
  Customer: 'ANNA',
  Seller: 'North',
  Channel: 'web',
  Currency: 'CNY',
}

export function csvOf(rows: Row[]): string {
  const names = Object.keys(USUAL)
  const lines = rows.map((row) =>
    Object.values({ ...USUAL, ...row })
      .map(quoted)
      .join(','),
  )
  return [names.join(','), ...lines, ''].join('\n')
}

let shops = 0

/** A shop of its own for each test: its own source, channel and warehouse. */
export function shop(change: object = {}) {
  shops += 1
  const name = `shop${shops}`
  return {
    ...SHOP,
    source: name,
    channel: { constant: name },
    channels: [{ code: name, name }],
    warehouse: { constant: name },
    warehouses: [{ code: name, name }],
    ...change,
  }
}

/** An instance that has nothing yet. */
export async function openBooks(): Promise<Database> {
  const database = await cloneDatabase()
  await database.owner`
    insert into instance (name, currency, time_zone)
    values ('Test', 'CNY', 'Asia/Shanghai')
  `
  return database
}

/** What stands in each account of a shop. */
export async function booksOf(
  { owner }: Database,
  source: string,
): Promise<Record<string, string>> {
  const rows = await owner<{ account: string; cents: string }[]>`
    select account, sum(amount_cents)::text as cents
    from journal_entry
    join channel on channel.id = journal_entry.channel_id
    where channel.code = ${source}
    group by account
    having sum(amount_cents) <> 0
  `
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]))
}

type Files = Record<string, string | Buffer>

/** Imports files by content; names that end in .gz are packed first. */
export async function importFiles(
  databaseUrl: string,
  files: Files,
  map: object = SHOP,
): Promise<Imported> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-import-'))
  const sql = postgres(databaseUrl, { max: IMPORT_CONNECTIONS, onnotice: () => {} })
  try {
    const paths = Object.entries(files).map(([name, content]) => {
      const path = join(folder, name)
      writeFileSync(path, name.endsWith('.gz') ? gzipSync(content) : content)
      return path
    })
    const parsed = parseMap(JSON.stringify(map), 'test.map.json')
    const report = await openReport(join(folder, 'report.jsonl'))
    const outcome = await importHistory(sql, {
      files: paths,
      map: parsed,
      report,
      onProgress: () => {},
    })
    await report.close()
    const lines = readFileSync(report.file, 'utf8').split('\n').filter(Boolean)
    return { ...outcome, report: lines.map((line): Reported => JSON.parse(line)) }
  } finally {
    await sql.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

export function importRows(databaseUrl: string, rows: Row[], map: object = SHOP) {
  return importFiles(databaseUrl, { 'orders.csv': csvOf(rows) }, map)
}

function quoted(value: string | number): string {
  return `"${String(value).replaceAll('"', '""')}"`
}
