import postgres from 'postgres'
import { addAbortSignal, type Readable } from 'node:stream'
import { DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN } from '../encode.ts'
import type { Target, TargetColumn } from '../target.ts'
import { createCopyChannel } from './copy-channel.ts'

export type SourceTable = { schema: string; name: string; columns: Set<string> }

/** What the publication carries, largest first, and which columns each table has. */
export async function listPublished(
  sql: postgres.Sql,
  publication: string,
): Promise<SourceTable[]> {
  const rows = await sql<{ schema: string; name: string; columns: string[] }[]>`
    select schemaname as schema, tablename as name, attnames::text[] as columns
    from pg_publication_tables
    where pubname = ${publication}
    order by pg_table_size(format('%I.%I', schemaname, tablename)::regclass) desc, tablename
  `
  return rows.map((row) => ({ ...row, columns: new Set(row.columns) }))
}

type Copy = {
  databaseUrl: string
  /** The exported snapshot: what every table is read as of. */
  snapshot: string
  tables: { source: SourceTable; target: Target }[]
  signal: AbortSignal
  /** Takes the text of these columns of a table. */
  load(target: Target, columns: TargetColumn[], body: Readable): Promise<void>
}

/** One more reads small tables beside a large one; two cores have no room for a third. */
const CONNECTIONS = 2

/**
 * Copies tables as of one snapshot. The conversion to ClickHouse's text is done by the select list, in
 * Postgres; the bytes pass through this process unread.
 */
export async function copyTables(copy: Copy): Promise<void> {
  const left = [...copy.tables]
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(CONNECTIONS, left.length) }, () => copyFrom(left, copy)),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/** One connection's part: the next table that nobody has taken, until there is none. */
async function copyFrom(left: Copy['tables'], { databaseUrl, snapshot, signal, load }: Copy) {
  const channel = createCopyChannel()
  // What goes through TLS cannot be read beside the package: it then hands on the rows itself, slower.
  const isPlain = !postgres(databaseUrl).options.ssl
  const sql = connectTo(databaseUrl, isPlain ? { socket: channel.socket } : {})
  try {
    // Not the package's own `begin`: its rollback on a connection that is gone ends the whole process.
    await sql.unsafe('begin isolation level repeatable read read only')
    await sql.unsafe(`set transaction snapshot '${snapshot}'`)
    for (let next = left.shift(); next; next = left.shift()) {
      signal.throwIfAborted()
      const { source, target } = next
      const columns = target.columns.filter((column) => source.columns.has(column.name))
      const statement = copyStatement(source, columns)
      if (isPlain) {
        const body = addAbortSignal(signal, channel.open())
        await Promise.all([load(target, columns, body), copyOne(sql, statement, body)])
      } else {
        const rows = await sql.unsafe(statement).readable()
        await load(target, columns, addAbortSignal(signal, rows))
      }
    }
  } catch (error) {
    // The other connection has no reason to go on.
    left.length = 0
    throw error
  } finally {
    await sql.end({ timeout: 0 })
  }
}

/** The package takes a socket of one's own, which its types do not mention. */
function connectTo(databaseUrl: string, own: object) {
  return postgres(databaseUrl, {
    max: 1,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connection: {
      application_name: 'tributary ingest snapshot',
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
    },
    onnotice: () => {},
    ...own,
  })
}

async function copyOne(sql: postgres.Sql, statement: string, body: Readable) {
  try {
    const control = await sql.unsafe(statement).readable()
    await new Promise((resolve, reject) =>
      control.on('error', reject).on('close', resolve).resume(),
    )
  } catch (error) {
    body.destroy(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

/** Rows as ClickHouse's TabSeparated has them: Postgres escapes text in COPY just as ClickHouse reads it. */
function copyStatement({ schema, name }: SourceTable, columns: TargetColumn[]): string {
  const list = columns.map(expressionOf).join(', ')
  return `copy (select ${list} from ${quote(schema)}.${quote(name)}) to stdout`
}

function expressionOf({ name, type }: TargetColumn): string {
  const column = quote(name)
  if (type.includes('DateTime64')) {
    return within(
      `(${column} at time zone 'UTC')`,
      `timestamp '${TIME_MIN}'`,
      `timestamp '${TIME_MAX}'`,
    )
  }
  if (type.includes('Date32')) return within(column, `date '${DATE_MIN}'`, `date '${DATE_MAX}'`)
  if (type.startsWith('Array(')) return `translate(${column}::text, '{}', '[]')`
  return column
}

/** greatest and least pass over nulls, so null is kept apart. */
function within(value: string, min: string, max: string): string {
  return `case when ${value} is not null then least(greatest(${value}, ${min}), ${max}) end`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
