/** Copies one table anew while the others stream, and tables that were made since the stream began. */
import { lockHealing, unlockHealing } from './lock.ts'
import { publish } from '../catalog/publication.ts'
import { type CatalogTable, readNames } from '../catalog/tables.ts'
import { type Piece, versionOf } from '../change.ts'
import { sourceName, type Context } from '../context.ts'
import { settleParts } from '../rollup/settle.ts'
import { sourceOf } from '../sink/targets.ts'
import { borrowSnapshot } from '../source/borrow.ts'
import type { Target } from '../target.ts'
import { copyReplacements, followSource } from './copy.ts'
import { identifier } from './ddl.ts'
import { readJobs } from './jobs.ts'
import { createLook } from './look.ts'
import { createNames } from './names.ts'
import {
  forget,
  isOnlyAdded,
  note,
  openReplacement,
  takePlace,
  type Replacement,
} from './replace.ts'

const RETRY_MS = 1_000

export type Resync = {
  /** Goes on with what an earlier session left; before the stream begins. */
  start(): Promise<void>
  /** From now on the table's rows go to its replacement; the copy of what was before is made beside. */
  begin(source: string): Promise<void>
  /** The replacement; null while rows come that it has no right place for, which a copy of later brings. */
  targetOf(source: string): Target | null
  /** Told of each batch before it is written: rows that a replacement has no right place for are not to stay in it. */
  note(pieces: Piece[]): Promise<void>
  /** Puts finished copies in place and looks for new tables and new names: between two batches. */
  settle(drain: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

type Options = {
  epoch: number
  floors: Map<string, bigint>
  position(): bigint
  describedAt(oid: number): bigint
  isCurrent(target: Target): Promise<boolean>
  /** Whether it has the columns that the stream last described its table with. */
  isFit(target: Target): Promise<boolean>
}

/**
 * `lost` says why the copy cannot go on: its table was dropped, or is not as it was when the copy was planned. Rows up to
 * `misshapen` may have come while the stream described the table otherwise; the copy replaces those of before its moment.
 */
type Running = {
  replacement: Replacement
  lsn: bigint | null
  lost: 'dropped' | 'changed' | null
  isFit: boolean
  misshapen: bigint
}

export function createResync(context: Context, options: Options): Resync {
  const { entries, log } = context
  const names = createNames(context, options)
  const look = createLook(context, names.isLeaving)
  const running = new Map<string, Running>()
  let copying: Promise<void> = Promise.resolve()

  async function begin(source: string) {
    if (running.has(source)) return
    const job = (await readJobs(context)).find(({ target }) => sourceOf(target) === source)
    if (!job) return forgetDropped(context, source)
    // A table that has got a key since goes where its updates are carried too.
    if (job.catalog) await publishAgain(context, job.catalog)
    const replacement = await openReplacement(context, job, { epoch: options.epoch, version: 0n })
    const isFit = await options.isFit(replacement.target)
    const one: Running = { replacement, lsn: null, lost: null, isFit, misshapen: 0n }
    running.set(source, one)
    copying = copying.then(() => copyUntilDone(context, one, options.epoch))
  }

  async function beginAgain(source: string, { entry }: Replacement) {
    log.info({ table: source }, 'the table changed while it was copied: once more')
    await note(context, { ...entry, replacement: '' })
    return begin(source)
  }

  /** The stream has passed the copy's moment, so the replacement has all the old table has and more. */
  async function finish(source: string, { replacement, lsn, misshapen }: Running) {
    if (!(await lockHealing(context.control, context.config.PIPE))) return
    try {
      running.delete(source)
      if (misshapen >= (lsn ?? 0n) || !(await options.isCurrent(replacement.target)))
        return await beginAgain(source, replacement)
      const version = versionOf(options.epoch, lsn ?? 0n, 0)
      await putInPlace(context, replacement, version)
      options.floors.set(replacement.job.target.name, version)
    } finally {
      await unlockHealing(context.control, context.config.PIPE)
    }
  }

  return {
    begin,
    async start() {
      for (const entry of entries.values())
        if (entry.status === 'copying') await begin(entry.source)
    },
    targetOf: (source) => fitTarget(running.get(source)),
    async note(pieces) {
      for (const one of running.values()) await noteMisshapen(one, pieces, options.isFit)
    },
    async settle(drain) {
      await names.follow(drain)
      for (const source of await look()) await begin(source)
      for (const [source, one] of running) {
        if (one.lost) {
          running.delete(source)
          if (one.lost === 'dropped') await forget(context, source)
          else await beginAgain(source, one.replacement)
        }
        if (one.lsn === null || options.position() < one.lsn) continue
        await drain()
        await finish(source, one)
      }
    },
    async stop() {
      await copying
    },
  }
}

function fitTarget(one: Running | undefined): Target | null {
  return one?.isFit ? one.replacement.target : null
}

async function noteMisshapen(one: Running, pieces: Piece[], isFit: Options['isFit']) {
  const { target } = one.replacement
  const oid = target.source?.oid
  if (oid === undefined) return
  if (pieces[0]?.described?.some(({ relation }) => relation?.oid === oid))
    one.isFit = await isFit(target)
  if (one.isFit) return
  const last = pieces.findLast(({ changes }) =>
    changes.some(({ table }) => table.relation?.oid === oid),
  )
  one.misshapen = last?.commitLsn ?? one.misshapen
}

async function publishAgain({ control, scope, log }: Context, table: CatalogTable) {
  try {
    await publish(control, scope.publication, [table])
  } catch (error) {
    log.warn({ err: error, table: sourceName(table) }, 'its owner has to publish it')
  }
}

/** Ends only well, or with the session: what fails is tried again. */
async function copyUntilDone(context: Context, one: Running, epoch: number) {
  const { lost, log, config } = context
  while (!lost.signal.aborted) {
    try {
      one.lost = await followSource(context, one.replacement)
      if (one.lost) return
      const point = await borrowSnapshot(config.DATABASE_URL, config.PIPE, lost.signal)
      try {
        const version = versionOf(epoch, point.lsn, 0)
        const moment = { snapshot: point.snapshot, version }
        if ((await copyReplacements(context, [one.replacement], moment)).size > 0) continue
      } finally {
        await point.release()
      }
      one.lsn = point.lsn
      return
    } catch (error) {
      if (lost.signal.aborted) return
      log.warn({ err: error, table: one.replacement.entry.source }, 'copy failed: tried again')
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}

async function forgetDropped(context: Context, source: string) {
  context.log.error({ table: source }, 'no such table is published: nothing to copy')
  if (await isDropped(context, source)) await forget(context, source)
}

async function isDropped({ control, targets }: Context, source: string): Promise<boolean> {
  const oid = targets.get(source)?.source?.oid
  return oid !== undefined && !(await readNames(control, [oid])).names.has(oid)
}

async function putInPlace(context: Context, replacement: Replacement, version: bigint) {
  const { target, entry } = replacement
  if (isOnlyAdded(target)) await dropStreamed(context, target, version)
  await takePlace(context, { ...replacement, entry: { ...entry, version } })
  if (target.kind === 'fact') await settleParts(context.sink.client)
  context.log.info({ table: entry.source }, 'table copied anew')
}

/** Rows that nothing replaces: those of before the copy's moment came in it, and by the stream a second time. */
async function dropStreamed({ sink }: Context, target: Target, version: bigint): Promise<void> {
  await sink.client.command({
    query: `
      alter table ${identifier(target.name)}
      delete where _version < {version: UInt128}
      settings mutations_sync = 2`,
    query_params: { version: version.toString() },
  })
}
