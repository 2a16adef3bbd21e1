/** Exports in two files: the order's own columns, found by its key for each of its lines. */
import type { ImportMap } from './map-schema.ts'
import { type Row, type RowFile, openRows } from './read.ts'

export type Headers = { columns: string[]; rows: Map<string, string[]> } | null

/** Headers are kept in memory: about 200 bytes each. Larger exports are joined before they come here. */
const HEADERS_MAX = 2_000_000

export class HeaderError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'HeaderError'
  }
}

export async function readHeaders(files: string[], map: ImportMap): Promise<Headers> {
  if (map.headers === undefined) return null
  if (files.length === 0) throw new HeaderError(`no file matches /headers/file ${map.headers.file}`)

  let columns: string[] = []
  const rows = new Map<string, string[]>()
  for (const file of files) {
    const opened = await openRows(file, map)
    if (columns.length > 0 && columns.join('\n') !== opened.columns.join('\n')) {
      throw new HeaderError(`${file} has other columns than the header file before it`)
    }
    columns = opened.columns
    const key = indexOf(columns, map.headers.key, file)
    for await (const batch of opened.rows) {
      for (const { cells, line, problem } of batch) {
        if (problem) throw new HeaderError(`${file} line ${line}: ${problem}`)
        rows.set(cells[key]?.trim() ?? '', cells)
      }
      if (rows.size > HEADERS_MAX) throw new HeaderError(`more than ${HEADERS_MAX} headers`)
    }
  }
  return { columns, rows }
}

export function joinHeaders(file: RowFile, headers: Headers, map: ImportMap): RowFile {
  if (headers === null || map.headers === undefined) return file
  const key = indexOf(file.columns, map.headers.line_key, 'the file of lines')
  const { rows, columns } = headers

  async function* joined(): AsyncGenerator<Row[]> {
    for await (const batch of file.rows) {
      yield batch.map((row) => {
        const header = rows.get(row.cells[key]?.trim() ?? '')
        if (row.problem) return row
        if (header === undefined) {
          return { ...row, problem: `no header has the key "${row.cells[key] ?? ''}"` }
        }
        return { line: row.line, cells: [...row.cells, ...header] }
      })
    }
  }
  return { columns: [...file.columns, ...columns], rows: joined() }
}

function indexOf(columns: string[], name: string, file: string): number {
  const index = columns.indexOf(name)
  if (index < 0)
    throw new HeaderError(`${file} has no column "${name}"; it has: ${columns.join(', ')}`)
  return index
}
