/** Streams rows out of files: CSV, JSON lines and Arrow, gzipped or not. Never a whole file in memory, but Arrow's. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip, gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse'
import type { ImportMap } from './map-schema.ts'

/** A row that could not even be taken apart carries what is wrong with it instead of its cells. */
export type Row = { line: number; cells: string[]; problem?: string }
export type RowFile = { columns: string[]; rows: AsyncIterable<Row[]> }

const ROWS_PER_BATCH = 2_000
const CELL_BYTES_MAX = 1024 * 1024

export async function openRows(file: string, map: ImportMap): Promise<RowFile> {
  const name = basename(file).replace(/\.gz$/i, '').toLowerCase()
  if (/\.(arrow|feather|ipc)$/.test(name)) return openArrow(file)
  if (/\.(jsonl|ndjson|json)$/.test(name)) return openJsonLines(file)
  return openCsv(file, map)
}

function bytesOf(file: string): Readable {
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 })
  if (!/\.gz$/i.test(file)) return stream
  const gunzip = createGunzip()
  stream.on('error', (error) => gunzip.destroy(error))
  return stream.pipe(gunzip)
}

async function openCsv(file: string, { format }: ImportMap): Promise<RowFile> {
  const bytes = bytesOf(file)
  const parser = parse({
    bom: true,
    delimiter: format?.delimiter ?? ',',
    encoding: format?.encoding ?? 'utf8',
    info: true,
    max_record_size: CELL_BYTES_MAX,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  bytes.on('error', (error) => parser.destroy(error))
  bytes.pipe(parser)

  const records: AsyncIterator<unknown> = parser[Symbol.asyncIterator]()
  const first = await records.next()
  if (first.done) throw new Error(`${file} is empty: not even a header`)
  const { record: columns } = asRecord(first.value)
  return { columns, rows: csvRows(records, columns.length) }
}

async function* csvRows(records: AsyncIterator<unknown>, width: number): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  for (;;) {
    const next = await records.next()
    if (next.done) break
    const { record, info } = asRecord(next.value)
    batch.push(
      record.length === width
        ? { line: info.lines, cells: record }
        : {
            line: info.lines,
            cells: record,
            problem: `${record.length} cells instead of ${width}`,
          },
    )
    if (batch.length >= ROWS_PER_BATCH) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

type CsvRecord = { record: string[]; info: { lines: number } }

/** csv-parse's iterator is untyped; with `info: true` this is what it documents, so one look is enough. */
function isRecord(value: unknown): value is CsvRecord {
  return typeof value === 'object' && value !== null && 'record' in value && 'info' in value
}

function asRecord(value: unknown): CsvRecord {
  if (!isRecord(value)) throw new TypeError('csv-parse yields something else than a record')
  return value
}

/** Columns are the names of the first object; what later objects lack is empty. */
async function openJsonLines(file: string): Promise<RowFile> {
  const lines = createInterface({ input: bytesOf(file), crlfDelay: Infinity })
  const iterator = lines[Symbol.asyncIterator]()
  const first = await iterator.next()
  const columns = first.done ? [] : Object.keys(flatten(JSON.parse(first.value)))
  return { columns, rows: jsonRows(iterator, first.done ? null : first.value, columns) }
}

async function* jsonRows(
  lines: AsyncIterator<string>,
  first: string | null,
  columns: string[],
): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  let line = 1
  for (let text = first; text !== null; line += 1) {
    if (text.trim() !== '') batch.push(jsonRow(text, line, columns))
    if (batch.length >= ROWS_PER_BATCH) {
      yield batch
      batch = []
    }
    const next = await lines.next()
    text = next.done ? null : next.value
  }
  if (batch.length > 0) yield batch
}

function jsonRow(text: string, line: number, columns: string[]): Row {
  try {
    const cells = flatten(JSON.parse(text))
    return { line, cells: columns.map((name) => cells[name] ?? '') }
  } catch {
    return { line, cells: [], problem: 'not a JSON object' }
  }
}

/** {"customer":{"city":"York"}} has the column customer.city. */
function flatten(value: unknown, prefix = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('not an object')
  }
  const cells: Record<string, string> = {}
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      Object.assign(cells, flatten(inner, `${prefix}${key}.`))
    } else {
      cells[prefix + key] = inner === null || inner === undefined ? '' : textOf(inner)
    }
  }
  return cells
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Arrow files are read whole: their dictionaries may stand at the end, and apache-arrow seeks. */
async function openArrow(file: string): Promise<RowFile> {
  const { DataType, tableFromIPC } = await import('apache-arrow')
  const bytes = await readFile(file)
  const table = tableFromIPC(/\.gz$/i.test(file) ? gunzipSync(bytes) : bytes)
  const columns = table.schema.fields.map(({ name }) => name)
  const kinds = table.schema.fields.map(({ type }) =>
    DataType.isDate(type) ? 'date' : DataType.isTimestamp(type) ? 'timestamp' : 'plain',
  )

  async function* rows(): AsyncGenerator<Row[]> {
    const vectors = columns.map((name) => table.getChild(name))
    for (let start = 0; start < table.numRows; start += ROWS_PER_BATCH) {
      const end = Math.min(start + ROWS_PER_BATCH, table.numRows)
      const batch: Row[] = []
      for (let index = start; index < end; index += 1) {
        const cells = vectors.map((vector, column) => arrowText(vector?.get(index), kinds[column]))
        batch.push({ line: index + 1, cells })
      }
      yield batch
    }
  }
  return { columns, rows: rows() }
}

/** String(number) is the shortest decimal that is that number: the one the file was made from. */
function arrowText(value: unknown, kind: string | undefined): string {
  if (value === null || value === undefined) return ''
  if (kind === 'date') return new Date(Number(value)).toISOString().slice(0, 10)
  if (kind === 'timestamp') return new Date(Number(value)).toISOString()
  return textOf(value)
}
