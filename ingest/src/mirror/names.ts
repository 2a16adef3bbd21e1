/**
 * What the stream has not told: it describes a table again with its next row only, which may never come. So the
 * catalogue is asked for new names, new columns and tables that were dropped.
 */
import { type CatalogTable, listTables, readNames, type TableName } from '../catalog/tables.ts'
import { versionOf } from '../change.ts'
import { sourceName, type Context } from '../context.ts'
import { differenceOf } from './changes.ts'
import { fit } from './follow.ts'
import { historyOf, lastChange } from './history.ts'
import { renameMirror } from './rename.ts'
import { forget, hasColumnsOf } from './replace.ts'

/** How often the catalogue is asked. */
const LOOK_EVERY_MS = 5_000

/** A table that is called otherwise, or was dropped. */
export type Renamed = { source: string; to: TableName | null }

type Options = {
  epoch: number
  floors: Map<string, bigint>
  position(): bigint
  /** The version of what the stream last said of a table's columns; 0 where it has said nothing yet. */
  describedAt(oid: number): bigint
}

export function createNames(context: Context, { epoch, floors, position, describedAt }: Options) {
  let renamed: Renamed[] = []
  let changed: CatalogTable[] = []
  let upTo = 0n
  let lookedAt = 0

  async function look() {
    if (!context.scope.tables || Date.now() - lookedAt < LOOK_EVERY_MS) return
    lookedAt = Date.now()
    changed = await findChanged(context, context.scope.tables)
    // The position is read last, so whatever was seen lies before it.
    ;({ renamed, upTo } = await findRenamed(context))
  }

  return {
    /** Whether the table of that name has another by now, which its mirror has not yet. */
    isLeaving: (source: string) => renamed.some((one) => one.source === source),
    /** Between two batches. What the stream has passed without a word of it, it will not say. */
    async follow(drain: () => Promise<void>): Promise<void> {
      await look()
      const lsn = position()
      if (lsn < upTo) return
      const [names, columns] = [renamed, changed]
      renamed = []
      changed = []
      const version = versionOf(epoch, lsn, 0)
      for (const { source, to } of names) {
        const target = context.targets.get(source)
        if (!target || context.entries.get(source)?.status === 'copying') continue
        await drain()
        if (!to) await forget(context, source)
        else await renameMirror(context, target, to, { version, floors })
      }
      const seen = versionOf(epoch, upTo, 0)
      for (const table of columns)
        if (describedAt(table.oid) <= seen)
          await followColumns(context, table, { version, seen, drain })
    },
  }
}

/** A table that is being copied keeps its name until the copy is in place. */
export async function findRenamed({ control, homes, entries }: Context) {
  const { names, upTo } = await readNames(control, [...homes.keys()])
  const renamed = [...homes].flatMap(([oid, source]): Renamed[] => {
    const to = names.get(oid) ?? null
    const status = entries.get(source)?.status
    if (status === 'copying' || (to ? sourceName(to) === source : !status)) return []
    return [{ source, to }]
  })
  return { renamed, upTo }
}

/** Tables with other columns than their mirrors. */
async function findChanged(context: Context, patterns: string[]): Promise<CatalogTable[]> {
  const tables = await listTables(context.control, patterns)
  return tables.filter((table) => {
    const target = liveTarget(context, table)
    return target && !hasColumnsOf(target, table)
  })
}

async function followColumns(
  context: Context,
  table: CatalogTable,
  { seen, ...following }: { version: bigint; seen: bigint; drain(): Promise<void> },
) {
  const target = liveTarget(context, table)
  if (!target) return
  // What the stream or a copy has brought since the catalogue was asked is newer than what was seen there.
  const history = historyOf(target)
  const copied = context.entries.get(history.source)?.version ?? 0n
  if (copied > seen || (await lastChange(context.sink, history)) > seen) return
  const described = { columns: table.columns, key: table.key.length > 0 ? table.key : null }
  await fit(context, target, { ...following, difference: differenceOf(target, described, table) })
}

function liveTarget({ homes, entries, targets }: Context, { oid }: CatalogTable) {
  const source = homes.get(oid)
  if (source === undefined || entries.get(source)?.status !== 'live') return null
  return targets.get(source) ?? null
}
