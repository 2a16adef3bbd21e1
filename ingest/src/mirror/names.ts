/** New names that the stream has not told, for it describes a table again with its next row only; and no name. */
import { readNames, type TableName } from '../catalog/tables.ts'
import { versionOf } from '../change.ts'
import { sourceName, type Context } from '../context.ts'
import { renameMirror } from './rename.ts'
import { forget } from './replace.ts'

/** How often the catalogue is asked. */
const LOOK_EVERY_MS = 5_000

/** A table that is called otherwise since some position in the log before `upTo`, or was dropped. */
export type Renamed = { source: string; to: TableName | null; upTo: bigint }

type Options = { epoch: number; floors: Map<string, bigint>; position(): bigint }

export function createNames(context: Context, { epoch, floors, position }: Options) {
  let renamed: Renamed[] = []
  let lookedAt = 0

  async function look() {
    if (!context.scope.tables || Date.now() - lookedAt < LOOK_EVERY_MS) return
    lookedAt = Date.now()
    renamed = await findRenamed(context)
  }

  return {
    /** Whether the table of that name has another by now, which its mirror has not yet. */
    isLeaving: (source: string) => renamed.some((one) => one.source === source),
    /** Between two batches. What the stream has passed without a word of it, it will not say. */
    async follow(drain: () => Promise<void>): Promise<void> {
      await look()
      const lsn = position()
      const due = renamed.filter(({ upTo }) => upTo <= lsn)
      renamed = renamed.filter(({ upTo }) => upTo > lsn)
      for (const { source, to } of due) {
        const target = context.targets.get(source)
        if (!target || context.entries.get(source)?.status === 'copying') continue
        await drain()
        if (!to) await forget(context, source)
        else await renameMirror(context, target, to, { version: versionOf(epoch, lsn, 0), floors })
      }
    },
  }
}

/** A table that is being copied keeps its name until the copy is in place. */
export async function findRenamed({ control, homes, entries }: Context): Promise<Renamed[]> {
  const { names, upTo } = await readNames(control, [...homes.keys()])
  return [...homes].flatMap(([oid, source]) => {
    const to = names.get(oid) ?? null
    const status = entries.get(source)?.status
    if (status === 'copying' || (to ? sourceName(to) === source : !status)) return []
    return [{ source, to, upTo }]
  })
}
