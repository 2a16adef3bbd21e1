/**
 * Compares, and settles what does not agree.
 *
 * A range that deviates is looked at again as of a second, later moment before anything is said of it, row by
 * row. Only what is wrong at both counts: whatever passes by itself was not damage.
 */
import type postgres from 'postgres'
import { findAhead, type Ahead } from './ahead.ts'
import { compare, type Deviation } from './compare.ts'
import { readDigests } from './digest.ts'
import { deleteAhead, heal } from './heal.ts'
import { lockHealingWithin } from '../mirror/lock.ts'
import { atMoment, NotComparable, stillIn, type Databases, type Moment } from './moment.ts'
import { readTables as readEntries } from '../mirror/registry.ts'
import { sourceOf } from '../sink/targets.ts'
import { openReader } from './reader.ts'
import { findDamage, showCells, SHOWN_ROWS_MAX, type RowDamage } from './rows.ts'
import { isLive, watchPlaces } from './places.ts'
import { spansOf } from './spans.ts'
import { listAudited, rangeOf, spanOf, type AuditedTable, type Span } from './tables.ts'

/** A million ids in one query of each side: seconds of work, and few enough results to hold. */
export const SPAN_RANGES_MAX = 256

const PUBLICATION = 'tributary'

export type Suspect = { table: AuditedTable; range: bigint }
export type LedgerDay = Deviation & { table: string; sums: string[] }

export type Audit = {
  lsn: bigint
  asOf: Date
  checks: number
  /** Rows that are wrong still, all counted. */
  differences: number
  healed: number
  /** The first of them, cell by cell, and the ranges and days they are in. */
  rows: RowDamage[]
  days: LedgerDay[]
  tables: number
}

export type Settled = Pick<Audit, 'differences' | 'healed' | 'rows' | 'days'> & {
  /** Where rows are wrong still. */
  left: Suspect[]
}

/** Every table, every row, as of one moment. */
export async function auditAll(
  databases: Databases,
  { isHealing, onTable }: { isHealing: boolean; onTable?: (table: string, checks: number) => void },
): Promise<Audit> {
  const tables = await readTables(databases)
  const first = await atMoment(databases, async (moment) => {
    const found = { lsn: moment.lsn, asOf: moment.asOf, checks: 0 }
    const suspects: Suspect[] = []
    const ahead = await findAhead(databases.sink.client, moment, tables)
    for (const table of tables) {
      const before = found.checks
      for await (const span of spansOf(databases.sink.client, moment, table, SPAN_RANGES_MAX)) {
        const compared = await compareSpan(databases, moment, table, span)
        found.checks += compared.checks
        suspects.push(...compared.suspects)
      }
      onTable?.(table.target.name, found.checks - before)
    }
    return { ...found, suspects, ahead }
  })
  const { suspects, ahead, ...found } = first
  const { left: _, ...settled } = await settle(databases, { suspects, ahead, isHealing })
  return { ...found, ...settled, tables: tables.length }
}

export async function readTables({ databaseUrl, sink }: Databases): Promise<AuditedTable[]> {
  const sql: postgres.Sql = openReader(databaseUrl)
  try {
    const tables = await listAudited(sql, sink, PUBLICATION)
    const entries = await readEntries(sink)
    return tables.filter((table) => isLive(entries.get(sourceOf(table.target))))
  } finally {
    await sql.end({ timeout: 0 })
  }
}

export async function compareSpan(
  { sink }: Databases,
  moment: Moment,
  table: AuditedTable,
  span: Span,
) {
  const { checks, deviations } = compare(await readDigests(sink.client, moment, table, span))
  const ranges = new Set(deviations.map((deviation) => deviation.range))
  return { checks, deviations, suspects: [...ranges].map((range) => ({ table, range })) }
}

/** Looks again at what seemed wrong, heals it if asked to, and then looks once more. */
export async function settle(
  databases: Databases,
  { suspects, ahead, isHealing }: { suspects: Suspect[]; ahead: Ahead[]; isHealing: boolean },
): Promise<Settled> {
  if (suspects.length === 0 && ahead.length === 0)
    return { differences: 0, healed: 0, rows: [], days: [], left: [] }
  const wanted = [...suspects, ...ahead.flatMap(suspectsOf)]
  const second = await atMoment(databases, async (moment) => {
    if (isHealing && !(await lockHealingWithin(moment.sql, databases.sink.pipe)))
      throw new NotComparable('another audit is healing, or a table is put in place: try again')
    const rows = isHealing
      ? await removeAhead(databases, moment, ahead)
      : ahead.flatMap((one) => one.rows)
    return examine(databases, moment, { suspects: unique(wanted), isHealing, found: rows })
  })
  if (!isHealing || second.differences === 0) return { ...second, healed: 0 }

  const third = await atMoment(databases, (moment) =>
    examine(databases, moment, { suspects: unique(wanted), isHealing: false, found: [] }),
  )
  const healed = Math.max(0, second.differences - third.differences)
  const { differences, left } = third
  return { rows: second.rows, days: second.days, differences, left, healed }
}

type Examination = { suspects: Suspect[]; isHealing: boolean; found: RowDamage[] }

/** Each suspect range by its digests, and where they deviate still, row by row. */
async function examine(
  databases: Databases,
  moment: Moment,
  { suspects, isHealing, found }: Examination,
) {
  const { client } = databases.sink
  const rows = found.slice(0, SHOWN_ROWS_MAX)
  const days: LedgerDay[] = []
  const left: Suspect[] = []
  let differences = found.length
  const isInPlace = await watchPlaces(databases.sink, moment)
  for (const { table, range } of suspects) {
    const { deviations } = await compareSpan(databases, moment, table, spanOf(range, range))
    if (deviations.length === 0 || !(await isInPlace(table))) continue
    days.push(...deviations.map((one) => ({ ...one, table: table.target.name, sums: table.sums })))
    left.push({ table, range })
    const damages = await findDamage(client, moment, table, range)
    differences += damages.length
    rows.push(
      ...(await showCells(client, moment, table, damages.slice(0, SHOWN_ROWS_MAX - rows.length))),
    )
    if (!isHealing) continue
    await stillIn(databases.sink, moment.epoch)
    await heal(client, moment, table, damages)
  }
  return { differences, rows, days, left }
}

async function removeAhead(
  { sink }: Databases,
  moment: Moment,
  ahead: Ahead[],
): Promise<RowDamage[]> {
  for (const { table, limit } of ahead) {
    await stillIn(sink, moment.epoch)
    await deleteAhead(sink.client, table, limit)
  }
  return ahead.flatMap((one) => one.rows)
}

function suspectsOf({ table, rows }: Ahead): Suspect[] {
  return rows.map((row) => ({ table, range: table.hasId ? rangeOf(BigInt(row.key)) : 0n }))
}

function unique(suspects: Suspect[]): Suspect[] {
  return [
    ...new Map(suspects.map((one) => [`${one.table.target.name}/${one.range}`, one])).values(),
  ]
}
