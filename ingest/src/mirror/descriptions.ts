/**
 * Which columns a description names, by the numbers that stay when names change: written down before the first row that
 * comes under it. A replay describes a table as it was before changes that its mirror has had since, also under names that
 * the mirror never had, and then only this tells which column each value is of.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Sink } from '../sink/clickhouse.ts'
import type { Target, TargetColumn } from '../target.ts'
import { droppedName } from './note.ts'

export type Description = {
  oid: number
  /** Of the first change that was made to the table as it is described. */
  version: bigint
  names: string[]
  /** Of the same columns; 0 where a column was gone before it was looked up. */
  numbers: number[]
}

export type Descriptions = {
  /** The newest of these names at or below a version. */
  find(oid: number, names: string[], version: bigint): Description | null
  /** The newest at or below a version, if it has these names. */
  inForce(oid: number, names: string[], version: bigint): Description | null
  /** Durable when it resolves. */
  record(description: Description): Promise<void>
}

type Row = { oid: number; version: string; names: string[]; numbers: number[] }

export async function readDescriptions(sink: Sink): Promise<Descriptions> {
  const result = await sink.client.query({
    query: `
      select oid, toString(version) as version, names, numbers
      from cdc_description final
      where pipe = {pipe: String}
      order by oid, cdc_description.version`,
    query_params: { pipe: sink.pipe },
    format: 'JSONEachRow',
  })
  const rows = await result.json<Row>()
  const known = Map.groupBy(
    rows.map((row): Description => ({ ...row, version: BigInt(row.version) })),
    ({ oid }) => oid,
  )

  function find(oid: number, names: string[], version: bigint) {
    const all = known.get(oid) ?? []
    const isIt = (one: Description) => one.version <= version && isDeepStrictEqual(one.names, names)
    return all.findLast(isIt) ?? null
  }

  return {
    find,
    inForce(oid, names, version) {
      const last = known.get(oid)?.findLast((one) => one.version <= version)
      return last && isDeepStrictEqual(last.names, names) ? last : null
    },
    async record(description) {
      const all = known.get(description.oid) ?? []
      const last = all.at(-1)
      if (last && isSame(last, description)) return
      await write(sink, description)
      const at = all.findLastIndex(({ version }) => version <= description.version) + 1
      known.set(description.oid, all.toSpliced(at, 0, description))
    },
  }
}

function isSame(one: Description, other: Description): boolean {
  return (
    one.version <= other.version &&
    isDeepStrictEqual([one.names, one.numbers], [other.names, other.numbers])
  )
}

async function write(sink: Sink, { version, ...rest }: Description) {
  await sink.client.insert({
    table: 'cdc_description',
    values: [{ ...rest, pipe: sink.pipe, version: version.toString() }],
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
  })
}

/** A mirror's own columns, as Postgres would describe its table. */
export function ownDescription({ source, columns }: Target, version: bigint): Description | null {
  if (!source) return null
  const kept = columns
    .flatMap(({ name, source: from }) => (from && !from.isDropped ? [{ ...from, name }] : []))
    .toSorted((one, other) => one.number - other.number)
  return {
    oid: source.oid,
    version,
    names: kept.map(({ name }) => name),
    numbers: kept.map(({ number }) => number),
  }
}

/** What the mirror calls each described column by now; a name that no column has where it has none for it. */
export function namesNow({ columns }: Target, { names, numbers }: Description): string[] {
  return names.map((name, index) => {
    const number = numbers[index] ?? 0
    const own = columns.find((column) => isOf(column, name, number))
    return own?.name ?? droppedName(name, number)
  })
}

function isOf({ name, source }: TargetColumn, described: string, number: number): boolean {
  if (source?.number !== number) return false
  return number > 0 || name === described || name === droppedName(described, 0)
}

/** The numbers of columns that a mirror has under these names. */
export function numbersOf({ columns }: Target, names: string[]): number[] {
  const numbers = new Map(columns.map(({ name, source }) => [name, source?.number ?? 0]))
  return names.map((name) => numbers.get(name) ?? 0)
}
