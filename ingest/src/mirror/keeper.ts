/**
 * Keeps the mirrors fit for what the stream brings: follows the source's schema, fills what an update did not
 * send, and copies a table anew while the others stream. All of it happens between two batches.
 */
import { describeTypes } from '../catalog/describe.ts'
import { listTables } from '../catalog/tables.ts'
import { versionOf, type Piece, type Table } from '../change.ts'
import { sourceName, type Context } from '../context.ts'
import { readTarget } from '../sink/targets.ts'
import { unknownColumns, type Target } from '../target.ts'
import { alterMirror, lastChange, readRenames } from './alter.ts'
import { differenceOf, type Described } from './changes.ts'
import { fillUnsent } from './fill.ts'
import { note } from './replace.ts'
import { createResync, type Resync } from './resync.ts'

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
  const described = new Map<number, Table>()
  const unknown = new Set<string>()
  const resync = createResync(context, { ...options, isCurrent })

  function targetOf(table: Table): Target | null {
    const source = sourceName(table)
    const status = entries.get(source)?.status
    if (status === 'resync_required') return null
    if (status === 'copying') return resync.targetOf(source)
    const target = targets.get(source) ?? null
    if (target || unknown.has(source)) return target
    unknown.add(source)
    log.warn({ table: source }, 'ClickHouse has no such table: left out')
    return null
  }

  /** Whether a table that was copied still is as the stream last described it. */
  async function isCurrent(target: Target): Promise<boolean> {
    const table = target.source ? described.get(target.source.oid) : undefined
    if (!table) return true
    const difference = await compare(context, target, table)
    return 'changes' in difference && difference.changes.length === 0
  }

  async function follow(table: Table, version: bigint, drain: () => Promise<void>) {
    if (table.relation) described.set(table.relation.oid, table)
    const target = targets.get(sourceName(table))
    if (!target) return context.scope.tables ? resync.begin(sourceName(table)) : undefined
    if (!target.source) return refresh(context, target, table)
    if (entries.get(sourceName(table))?.status !== 'live') return
    if (version < (await lastChange(context.sink, sourceName(table))))
      return renameAsApplied(context, table, version)
    const difference = await compare(context, target, table)
    if ('changes' in difference && difference.changes.length === 0) return
    await drain()
    if ('changes' in difference) {
      await alterMirror(context, target, { changes: difference.changes, version })
      return
    }
    const entry = entries.get(sourceName(table))
    if (entry)
      await note(context, { ...entry, status: 'resync_required', reason: difference.resync })
    log.error(
      { table: sourceName(table), reason: difference.resync },
      'table waits to be copied anew',
    )
  }

  await resync.start()
  return {
    targetOf,
    async prepare(pieces, drain) {
      await resync.settle(drain)
      const [first] = pieces
      const version = versionOf(options.epoch, first?.commitLsn ?? 0n, first?.changes[0]?.seq ?? 0)
      for (const table of first?.described ?? []) await follow(table, version, drain)
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

async function compare(context: Context, target: Target, table: Table) {
  const { control, scope } = context
  const { relation } = table
  if (!relation || !scope.tables) return { changes: [] }
  const types = await describeTypes(control, relation.types)
  const tables = await listTables(control, [sourceName(table)])
  const catalog = tables.find(({ oid }) => oid === relation.oid) ?? null
  const columns = table.columns.flatMap((name, index) => {
    const type = types[index]
    return type ? [{ name, type }] : []
  })
  const key = relation.isFull ? (catalog?.key ?? null) : relation.key
  const described: Described = { columns, key: key && key.length > 0 ? key : null }
  return differenceOf(target, described, catalog)
}

/** A table that `sql/` defines may have got the column since it was read. */
async function refresh({ sink, issues, targets, log }: Context, target: Target, table: Table) {
  if (unknownColumns(target, table).length === 0) return
  const now = await readTarget(sink, issues.onIssue, target.name)
  const columns = unknownColumns(now, table)
  targets.set(sourceName(table), now)
  if (columns.length > 0)
    log.warn({ table: target.name, columns }, 'ClickHouse has no such columns: left out')
}

/**
 * A replay describes the table as it was before a change that is applied already. Going back is never needed:
 * its columns are found under the names they have now.
 */
async function renameAsApplied({ sink }: Context, table: Table, version: bigint) {
  for (const [from, to] of await readRenames(sink, sourceName(table), version))
    table.columns = table.columns.map((name) => (name === from ? to : name))
}
