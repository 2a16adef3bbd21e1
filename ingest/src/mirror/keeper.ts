/**
 * Keeps the mirrors fit for what the stream brings: follows the source's schema, fills what an update did not
 * send, and copies a table anew while the others stream. All of it happens between two batches.
 */
import { findTable } from '../catalog/tables.ts'
import { versionOf, type Piece, type Table } from '../change.ts'
import type { Context } from '../context.ts'
import type { Target } from '../target.ts'
import { fillUnsent } from './fill.ts'
import { compare, follow } from './follow.ts'
import { hasColumnsOf } from './replace.ts'
import { settleHistory } from './history.ts'
import { homeOf } from './home.ts'
import { createResync, type Resync } from './resync.ts'
import { settleViews } from './views.ts'

export type Keeper = {
  /** Where a table's rows go now; null where nobody keeps them. */
  targetOf(table: Table): Target | null
  /** Called before pieces become a batch. `drain` resolves when everything before them is durable. */
  prepare(pieces: Piece[], drain: () => Promise<void>): Promise<void>
  /** Resolves when nothing of it is under way. */
  stop(): Promise<void>
}

type Options = {
  epoch: number
  /** Versions up to which a target is complete, by its name. */
  floors: Map<string, bigint>
  /** How far the stream is durable. */
  position(): bigint
}

export async function createKeeper(context: Context, options: Options): Promise<Keeper> {
  const { targets, entries, log } = context
  const described = new Map<number, { table: Table; version: bigint }>()
  const unknown = new Set<string>()
  const describedAt = (oid: number) => described.get(oid)?.version ?? 0n
  const resync = createResync(context, { ...options, isCurrent, isFit, describedAt })

  function targetOf(table: Table): Target | null {
    const source = homeOf(context, table)
    const status = entries.get(source)?.status
    if (status === 'resync_required') return null
    // It was dropped while the stream was behind. Nothing fits its mirror to it any more, so the rest of its rows may not fit.
    if (!status && context.scope.tables && targets.get(source)?.source) return null
    const target = (status === 'copying' ? resync.targetOf(source) : targets.get(source)) ?? null
    // A table of the same name that is carried as soon as it has a mirror of its own.
    if (target?.source && target.source.oid !== table.relation?.oid) return null
    if (target || status === 'copying' || unknown.has(source)) return target
    unknown.add(source)
    log.warn({ table: source }, 'ClickHouse has no such table: left out')
    return null
  }

  async function isFit(target: Target): Promise<boolean> {
    const table = described.get(target.source?.oid ?? 0)?.table
    if (!table) return true
    const difference = await compare(context, target, table)
    return 'changes' in difference && difference.changes.length === 0
  }

  /**
   * Whether a table that was copied still is as the stream last described it. The stream may be silent since
   * it changed; what the catalogue has now, and had when the copy was planned, is then what it will say.
   */
  async function isCurrent(target: Target): Promise<boolean> {
    if (await isFit(target)) return true
    const catalog = await findTable(context.control, target.source?.oid ?? 0)
    return catalog !== null && hasColumnsOf(target, catalog)
  }

  if (context.scope.tables) {
    await settleHistory(context.sink, targets.values())
    await settleViews(context)
  }
  await resync.start()
  return {
    targetOf,
    async prepare(pieces, drain) {
      await resync.settle(drain)
      const [first] = pieces
      const version = versionOf(options.epoch, first?.commitLsn ?? 0n, first?.changes[0]?.seq ?? 0)
      for (const table of first?.described ?? []) {
        if (table.relation) described.set(table.relation.oid, { table, version })
        await follow(context, table, { version, drain, floors: options.floors, copy: resync.begin })
      }
      await resync.note(pieces)
      for (const { requested } of pieces)
        for (const text of requested ?? []) await request(context, resync, text)
      await fillUnsent(context, pieces, { epoch: options.epoch, targetOf, drain })
    },
    stop: resync.stop,
  }
}

/** A message in the log names the pipe it is for; others are somebody else's. */
async function request({ config, log }: Context, resync: Resync, text: string) {
  const match = /^(\S+) (.+)$/.exec(text)
  if (match?.[1] !== config.PIPE || match[2] === undefined) return
  log.info({ table: match[2] }, 'a copy was asked for')
  await resync.begin(match[2])
}
