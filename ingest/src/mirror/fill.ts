/**
 * Large values that an update did not change are not sent, unless the table's replica identity is full. They
 * are what the row had before: in an earlier change of the same batch, else in ClickHouse.
 */
import type { Change, Piece, Value } from '../change.ts'
import { versionOf } from '../change.ts'
import type { Context } from '../context.ts'
import { quarantine, type Quarantined } from '../quarantine.ts'
import { ARRAYS, EXACT_KEY, exactKeyOf, isArray } from '../own-columns.ts'
import { rowOf, valuesOf, type Row } from '../row.ts'
import { positionsOf, type Target, type TargetColumn } from '../target.ts'
import { identifier } from './ddl.ts'

/** How many keys one question names. */
const KEYS_MAX = 1_000

type Update = Extract<Change, { kind: 'update' }>
type Known = { values: Map<string, Value>; version: bigint; isDeleted: boolean }

export async function fillUnsent(
  context: Context,
  pieces: Piece[],
  options: {
    epoch: number
    targetOf(table: Change['table']): Target | null
    /** Resolves when everything before these pieces is in ClickHouse. */
    drain(): Promise<void>
  },
): Promise<void> {
  const partial = pieces.flatMap(({ changes }) => changes.filter(isPartial))
  if (partial.length === 0) return
  await options.drain()
  const byTarget = Map.groupBy(partial, ({ table }) => options.targetOf(table))
  const lost: Quarantined[] = []
  for (const [target, updates] of byTarget) {
    if (!target) continue
    const known = await readRows(context, target, updates)
    for (const { changes, commitLsn } of pieces)
      for (const change of changes) {
        if (options.targetOf(change.table) !== target) continue
        const version = versionOf(options.epoch, commitLsn, change.seq)
        follow(lost, { change, target, known, version })
      }
  }
  context.state.quarantined += lost.length
  await quarantine(context.sink, lost)
}

function isPartial(change: Change): change is Update {
  return change.kind === 'update' && change.unsent !== undefined
}

type Step = { change: Change; target: Target; known: Map<string, Known>; version: bigint }

/** Brings what is known of each row up to the change, and completes the change from it first. */
function follow(lost: Quarantined[], { change, target, known, version }: Step) {
  if (change.kind === 'truncate') return known.clear()
  const { columns } = change.table
  if (change.kind === 'delete') return void known.delete(keyOf(change.before, change, target))
  const before = change.kind === 'update' ? change.before : null
  const oldKey = keyOf(before ?? change.row, change, target)
  if (isPartial(change)) {
    const base = known.get(oldKey)
    const row = valuesOf(change.row)
    for (const index of change.unsent ?? []) {
      const name = columns[index] ?? ''
      const value = base?.isDeleted ? undefined : base?.values.get(name)
      row[index] = value ?? null
      // A newer version that is there already hides this one, so nothing is lost.
      if (value === undefined && (base?.version ?? 0n) < version)
        lost.push({
          target,
          version,
          key: oldKey,
          column: name,
          value: '',
          reason: 'a value that had not changed was not sent, and its row is not here',
        })
    }
    change.row = rowOf(row)
  }
  known.delete(oldKey)
  const row = valuesOf(change.row)
  const values = new Map(columns.map((name, index) => [name, row[index] ?? null]))
  known.set(keyOf(change.row, change, target), { values, version, isDeleted: false })
}

function keyOf(row: Row, { table }: Change, target: Target): string {
  const positions = positionsOf(target, table)
  const values = valuesOf(row)
  return JSON.stringify(target.key.map((index) => values[positions[index] ?? -1] ?? null))
}

/** The newest row of each key the updates name, with the columns that were not sent. */
async function readRows({ sink }: Context, target: Target, updates: Update[]) {
  const names = new Set(
    updates.flatMap(({ table, unsent }) => unsent?.flatMap((at) => table.columns[at] ?? []) ?? []),
  )
  const wanted = target.columns.filter((column) => names.has(column.name))
  const keys = [
    ...new Set(updates.map((change) => keyOf(change.before ?? change.row, change, target))),
  ]
  const keyed = partsOf(target)
  const keyNames = keyed.map(({ name }) => identifier(name)).join(', ')
  const known = new Map<string, Known>()
  for (let at = 0; at < keys.length; at += KEYS_MAX) {
    const asked = keys.slice(at, at + KEYS_MAX)
    const texts = asked.map((key): Value[] => JSON.parse(key))
    const result = await sink.client.query({
      query: `
        with ${keysExpression(keyed)} as keys
        select toString(_version), _deleted, toUInt32(indexOf(keys, tuple(${keyNames}))),
          ${wanted.map((column) => textOf(column, target.arrays !== null)).join(', ')}
        from ${identifier(target.name)}
        where (${keyNames}) in (
          select ${keyed.map((_, index) => `key.${index + 1}`).join(', ')} from (select arrayJoin(keys) as key)
        )
        order by _version desc
        limit 1 by ${keyNames}`,
      query_params: Object.fromEntries(
        keyed.map(({ valueOf }, index) => [`k${index}`, texts.map(valueOf)]),
      ),
      format: 'JSONCompactEachRow',
    })
    const rows = await result.json<[version: string, deleted: number, at: number, ...Value[]]>()
    for (const [version, deleted, position, ...values] of rows) {
      const key = asked[position - 1]
      if (key === undefined) continue
      known.set(key, {
        version: BigInt(version),
        isDeleted: deleted === 1,
        values: new Map(wanted.map((column, index) => [column.name, values[index] ?? null])),
      })
    }
  }
  return known
}

type Part = { name: string; cast: string; valueOf(values: Value[]): string }

/** What ClickHouse tells keys apart by, and how it gets that from the texts of a key. */
function partsOf(target: Target): Part[] {
  const parts = target.key.flatMap((index, at): Part[] => {
    const column = target.columns[index]
    if (!column) return []
    const valueOf = (values: Value[]) => keyValue(column, values[at] ?? '')
    return [{ name: column.name, cast: castOf(column), valueOf }]
  })
  const places = target.exactKey?.map((index) => target.key.indexOf(index))
  if (!places) return parts
  const valueOf = (values: Value[]) =>
    exactKeyOf(
      target,
      places.map((at) => values[at] ?? ''),
    )
  return [...parts, { name: EXACT_KEY, cast: 'text', valueOf }]
}

/** The keys asked for, as an array of tuples of the columns' own types. */
function keysExpression(parts: Part[]): string {
  const values = parts.map(
    ({ cast }, index) => `arrayMap(text -> ${cast}, {k${index}: Array(String)})`,
  )
  const names = parts.map((_, index) => `c${index}`)
  return `arrayMap((${names.join(', ')}) -> tuple(${names.join(', ')}), ${values.join(', ')})`
}

function castOf({ type, source }: TargetColumn): string {
  if (source?.type === 'bytea') return 'unhex(substring(text, 3))'
  return `cast(text, '${type.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`
}

/** As ClickHouse casts it from text; strings are themselves. */
function keyValue(column: TargetColumn, text: string): string {
  return column.type.includes('String') ? text : column.encode(text, () => {})
}

/** A value as Postgres would write it, so that it goes the way of any other. */
function textOf(column: TargetColumn, hasArrays: boolean): string {
  const name = identifier(column.name)
  const type = column.source?.type ?? ''
  if (type === 'bytea') return `concat('\\\\x', lower(hex(${name})))`
  if (!isArray(column.type)) return `toString(${name})`
  const item = type === 'bytea[]' ? `concat('\\\\x', lower(hex(item)))` : 'toString(item)'
  const quoted = `concat('"', replaceRegexpAll(${item}, '(["\\\\\\\\])', '\\\\\\\\\\\\1'), '"')`
  const array = `concat('{', arrayStringConcat(arrayMap(item -> ifNull(${quoted}, 'NULL'), ${name}), ','), '}')`
  return hasArrays ? `if(has(${ARRAYS}, ${column.source?.number ?? 0}), ${array}, null)` : array
}
