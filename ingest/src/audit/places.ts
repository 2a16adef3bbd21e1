/** A table that waits for a copy, or is copied anew, is behind the others, and says nothing of them. */
import { readTables, type TableEntry } from '../mirror/registry.ts'
import type { Sink } from '../sink/clickhouse.ts'
import { sourceOf } from '../sink/targets.ts'
import type { Moment } from './moment.ts'
import type { AuditedTable } from './tables.ts'

/** Tables that nobody has an entry of are filled by somebody else. */
export function isLive(entry: TableEntry | undefined): boolean {
  return entry === undefined || entry.status === 'live'
}

/**
 * Whether a table was the same one from now on until it is asked, and had everything of before the moment: a copy
 * of later than that has rows of before it under its own version.
 */
export async function watchPlaces(sink: Sink, { bound }: Moment) {
  const before = await readTables(sink)
  return async function isInPlace({ target }: AuditedTable): Promise<boolean> {
    const source = sourceOf(target)
    const [then, now] = [before.get(source), (await readTables(sink)).get(source)]
    if (!then && !now) return true
    return (
      isLive(then) && isLive(now) && then?.version === now?.version && (now?.version ?? 0n) < bound
    )
  }
}
