import postgres from 'postgres'
import { addAbortSignal, type Readable } from 'node:stream'
import { planOf, quote, ROW_KEY } from '../copy-plan.ts'
import { ownPlans } from '../own-columns.ts'
import type { Target, TargetColumn } from '../target.ts'
import { createCopyChannel } from './copy-channel.ts'
import { TEXT_SETTINGS } from './replication.ts'

export type SourceTable = { schema: string; name: string; columns: Set<string>; pages: number }

/** What the publication carries, largest first, and which columns each table has. */
export async function listPublished(
  sql: postgres.Sql,
  publication: string,
): Promise<SourceTable[]> {
  const rows = await sql<(Omit<SourceTable, 'columns'> & { columns: string[] })[]>`
    select schemaname as schema, tablename as name, array_to_json(attnames) as columns,
      (pg_relation_size(format('%I.%I', schemaname, tablename)::regclass)
        / current_setting('block_size')::int)::int as pages
    from pg_publication_tables
    where pubname = ${publication}
    order by pg_table_size(format('%I.%I', schemaname, tablename)::regclass) desc, tablename
  `
  return rows.map((row) => ({ ...row, columns: new Set(row.columns) }))
}

/** Pages of a table, from the first up to and without the last; all that follow when there is no last. */
export type CopyPart = {
  source: SourceTable
  target: Target
  firstPage: number
  lastPage: number | null
}

type Copy = {
  databaseUrl: string
  /** The exported snapshot: what every table is read as of. */
  snapshot: string
  parts: CopyPart[]
  signal: AbortSignal
  /** Takes the text of these columns of a table. */
  load(part: CopyPart, columns: TargetColumn[], body: Readable): Promise<void>
  /** Called after a part is loaded, with the session that sees the snapshot. */
  onCopied(part: CopyPart, sql: postgres.Sql): Promise<void>
  /** Asked when a part failed: whether it was the table, which is not as it was, and what to do with it. */
  onFailed(part: CopyPart, error: unknown): Promise<'again' | 'leave' | 'fail'>
}

/** Two share the parts of a large table, or one reads small ones beside it; two cores have no room for a third. */
const CONNECTIONS = 2

/**
 * Copies tables as of one snapshot. The conversion to ClickHouse's text is done by the select list, in
 * Postgres; the bytes pass through this process unread.
 */
export async function copyTables(copy: Copy): Promise<void> {
  const left = [...copy.parts]
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(CONNECTIONS, left.length) }, () => copyFrom(left, copy)),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/** One connection's share: the next part that nobody has taken, until there is none. */
async function copyFrom(left: CopyPart[], copy: Copy): Promise<void> {
  const { databaseUrl, snapshot, signal, load, onCopied } = copy
  let current: CopyPart | undefined
  let failure: { error: unknown } | null = null
  const channel = createCopyChannel()
  // What goes through TLS cannot be read beside the package: it then hands on the rows itself, slower.
  const isPlain = !postgres(databaseUrl).options.ssl
  const sql = connectTo(databaseUrl, isPlain ? { socket: channel.socket } : {})
  try {
    // Not the package's own `begin`: its rollback on a connection that is gone ends the whole process.
    await sql.unsafe('begin isolation level repeatable read read only')
    await sql.unsafe(`set transaction snapshot '${snapshot}'`)
    for (let part = left.shift(); part; part = left.shift()) {
      signal.throwIfAborted()
      current = part
      const { source, target } = part
      const columns = target.columns.filter((column) => source.columns.has(column.name))
      const statement = copyStatement(part, columns)
      if (isPlain) {
        const body = addAbortSignal(signal, channel.open())
        await Promise.all([load(part, columns, body), copyOne(sql, statement, body)])
      } else {
        const rows = await sql.unsafe(statement).readable()
        await load(part, columns, addAbortSignal(signal, rows))
      }
      await onCopied(part, sql)
    }
  } catch (error) {
    failure = { error }
  } finally {
    // Before anything is asked of the table: who waits to change it would be waited for, and waits for this transaction.
    await sql.end({ timeout: 0 })
  }
  if (!failure) return
  if (!current || !(await isPassedOver(current, failure.error, left, copy))) {
    // The other connection has no reason to go on.
    left.length = 0
    throw failure.error
  }
  // A connection whose statement failed does not see the snapshot any more.
  return copyFrom(left, copy)
}

/** Whether the others can be copied all the same. */
async function isPassedOver(
  part: CopyPart,
  error: unknown,
  left: CopyPart[],
  { signal, onFailed }: Copy,
) {
  if (signal.aborted) return false
  const next = await onFailed(part, error)
  if (next === 'again') left.unshift(part)
  if (next === 'leave') {
    const others = left.filter(({ target }) => target !== part.target)
    left.splice(0, left.length, ...others)
  }
  return next !== 'fail'
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
      ...TEXT_SETTINGS,
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
function copyStatement({ source, target, firstPage, lastPage }: CopyPart, columns: TargetColumn[]) {
  const list = columns.map((column) => planOf(column).postgres)
  list.push(...ownPlans(target, columns).map(({ postgres }) => postgres))
  if (target.hasRowKey) list.push(ROW_KEY.postgres)
  const from = `${quote(source.schema)}.${quote(source.name)}`
  return `copy (select ${list.join(', ')} from ${from}${pagesOf(firstPage, lastPage)}) to stdout`
}

export function pagesOf(firstPage: number, lastPage: number | null): string {
  const from = firstPage > 0 ? [`ctid >= '(${firstPage},0)'::tid`] : []
  const to = lastPage === null ? [] : [`ctid < '(${lastPage},0)'::tid`]
  const conditions = [...from, ...to]
  return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
}
