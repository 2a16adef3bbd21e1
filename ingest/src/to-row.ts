import type { Change, Value } from './change.ts'
import type { Target } from './target.ts'

export class LedgerChanged extends Error {
  constructor(table: string, kind: string) {
    super(`${table} is append-only, but the change stream brought a ${kind} of it`)
    this.name = 'LedgerChanged'
  }
}

/**
 * The lines ClickHouse keeps for a change. Their version is the change's own, so a change that is replayed
 * after a crash writes the same lines again: facts skip it by high-water mark, mirrors keep one of the two.
 */
export function toRows(
  change: Change,
  target: Target,
  positions: number[],
  version: string,
): string {
  if (target.kind === 'fact') {
    if (change.kind !== 'insert') throw new LedgerChanged(target.name, change.kind)
    return `${line(change.row, target, positions)}${version}\n`
  }
  if (change.kind === 'truncate') return ''
  if (target.hasRowKey) {
    // Postgres publishes only inserts of it, and where a row came from is all that tells it from another.
    if (change.kind !== 'insert') throw new LedgerChanged(target.name, change.kind)
    return `${line(change.row, target, positions)}${version}\t${version}\t0\n`
  }
  switch (change.kind) {
    case 'insert':
      return `${line(change.row, target, positions)}${version}\t0\n`
    case 'update': {
      const row = `${line(change.row, target, positions)}${version}\t0\n`
      if (change.before === null || isSameKey(change.before, change.row, target, positions))
        return row
      return `${line(change.before, target, positions)}${version}\t1\n${row}`
    }
    case 'delete':
      return `${line(change.before, target, positions)}${version}\t1\n`
  }
}

/** A column the source does not have is written as null, which ClickHouse turns into the column's default. */
function line(row: Value[], target: Target, positions: number[]): string {
  let text = ''
  for (const [index, column] of target.columns.entries()) {
    const value = row[positions[index] ?? -1] ?? null
    text += value === null ? '\\N\t' : `${column.encode(value, column.issue)}\t`
  }
  return text
}

function isSameKey(before: Value[], row: Value[], target: Target, positions: number[]): boolean {
  return target.key.every((index) => before[positions[index] ?? -1] === row[positions[index] ?? -1])
}
