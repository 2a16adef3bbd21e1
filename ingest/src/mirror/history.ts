/** What was done to a mirror to follow its source's schema, and how far: read again after a crash. */
import type { Sink } from '../sink/clickhouse.ts'
import { sourceOf } from '../sink/targets.ts'
import type { Target } from '../target.ts'

/** Whose history it is: of the table, whatever it was called. Entries of before oids were kept have a name alone. */
export type History = { source: string; oid: number }

type Recorded = History & {
  version: bigint
  step: number
  change: string
  from: string
  to: string
  statement: string
}

const OF_TABLE = `
  pipe = {pipe: String}
  and (oid = {oid: UInt32} or (oid = 0 and source = {source: String}))`

export function historyOf(target: Target): History {
  return { source: sourceOf(target), oid: target.source?.oid ?? 0 }
}

export async function recordChange(
  sink: Sink,
  { version, from, to, ...recorded }: Recorded,
  status: 'applying' | 'applied',
): Promise<void> {
  await sink.client.insert({
    table: 'cdc_schema_change',
    values: [
      {
        ...recorded,
        pipe: sink.pipe,
        version: version.toString(),
        column_from: from,
        column_to: to,
        status,
      },
    ],
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
  })
}

type Open = {
  source: string
  oid: number
  version: string
  step: number
  change: string
  from: string
  to: string
  statement: string
}

/**
 * A crash may have come after a change was made and before that was noted. What the mirror shows was done is
 * noted now, so that a replay, which describes the table as it was before, does not take it back.
 */
export async function settleHistory(sink: Sink, targets: Iterable<Target>): Promise<void> {
  const result = await sink.client.query({
    query: `
      select source, oid, toString(version) as version, step, change, column_from as from, column_to as to,
        statement
      from cdc_schema_change final
      where pipe = {pipe: String} and oid > 0 and status = 'applying'`,
    query_params: { pipe: sink.pipe },
    format: 'JSONEachRow',
  })
  const byOid = new Map([...targets].map((target) => [target.source?.oid, target]))
  for (const open of await result.json<Open>()) {
    const target = byOid.get(open.oid)
    if (!target || !isDone(open, target)) continue
    await recordChange(sink, { ...open, version: BigInt(open.version) }, 'applied')
  }
}

function isDone({ change, to, statement }: Open, target: Target): boolean {
  if (change === 'rename table') return sourceOf(target) === to
  const column = target.columns.find(({ name }) => name === to)
  // What was to be added, renamed or dropped has its new name only afterwards, what was to be widened its type.
  return column !== undefined && (change !== 'widen' || statement.endsWith(` ${column.type}`))
}

/** What was done of a description before a crash: the rest is counted on from there. */
export async function countChanges(
  sink: Sink,
  { source, oid }: History,
  version: bigint,
): Promise<number> {
  const result = await sink.client.query({
    query: `
      select toUInt32(count()) as count
      from cdc_schema_change final
      where ${OF_TABLE} and version = {version: UInt128} and status = 'applied'`,
    query_params: { pipe: sink.pipe, source, oid, version: version.toString() },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ count: number }>()
  return row?.count ?? 0
}

/** The newest change that was applied to a table; 0 where there was none. */
export async function lastChange(sink: Sink, { source, oid }: History): Promise<bigint> {
  const result = await sink.client.query({
    query: `
      select toString(max(version)) as version
      from cdc_schema_change
      where ${OF_TABLE} and status = 'applied'`,
    query_params: { pipe: sink.pipe, source, oid },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ version: string }>()
  return BigInt(row?.version ?? '0')
}
