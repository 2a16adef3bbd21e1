import postgres from 'postgres'
import { publish } from './catalog/publication.ts'
import { listTables } from './catalog/tables.ts'
import { versionOf } from './change.ts'
import type { Context } from './context.ts'
import { copyReplacements, followSource } from './mirror/copy.ts'
import { readJobs } from './mirror/jobs.ts'
import { findRenamed } from './mirror/names.ts'
import { renameMirror } from './mirror/rename.ts'
import { type Job, openReplacement, takePlace, type Replacement } from './mirror/replace.ts'
import { writeCheckpoint, type Checkpoint } from './sink/checkpoint.ts'
import { reportClamped } from './sink/clickhouse.ts'
import { sourceOf } from './sink/targets.ts'
import { parseLsn, formatLsn } from './source/lsn.ts'
import {
  checkSlot,
  createSlot,
  dropSlot,
  releaseSlot,
  ResnapshotRequired,
  slotName,
  type Server,
} from './source/slot.ts'
import { borrowSnapshot } from './source/borrow.ts'
import { nowMicros } from './time.ts'
import { topicOf } from './topic.ts'

type Point = { lsn: bigint; snapshot: string; release(): Promise<void> }

/**
 * Fills every table as of the moment a new slot begins, so that the stream goes on exactly where the copy
 * ends. Nothing counts until the checkpoint at the end. A copy that was interrupted goes on: the slot is
 * still there, what is copied stays, and the rest is read as of a later moment. The stream then begins at
 * the slot's, and what a table holds already is told by its version.
 */
export async function takeSnapshot(
  context: Context,
  server: Server,
  known: Checkpoint | null,
): Promise<Checkpoint> {
  const { state, log, sink, entries } = context
  state.phase = 'snapshot'
  state.reason = null
  const startedAt = performance.now()
  await publishTables(context)
  const isResumed = await canResume(context, server, known)
  const begun = isResumed && known ? known : await begin(context, known)
  const point = isResumed
    ? await borrowSnapshot(context.config.DATABASE_URL, context.config.PIPE, context.lost.signal)
    : await createPoint(context)
  const checkpoint = isResumed ? begun : await noteSlot(context, server, begun, point.lsn)
  state.isCopyBegun = true
  const version = versionOf(checkpoint.epoch, point.lsn, 0)
  await followNames(context, version)
  const jobs = await asOf(context, point.snapshot, await readJobs(context))
  const replacements: Replacement[] = []
  let changed = new Set<Replacement>()
  try {
    const left = jobs.filter(({ target }) => {
      const entry = entries.get(sourceOf(target))
      return entry?.status !== 'live' || entry.epoch !== checkpoint.epoch
    })
    const to = { epoch: checkpoint.epoch, version }
    replacements.push(...(await Promise.all(left.map((job) => openReplacement(context, job, to)))))
    log.info({ lsn: formatLsn(point.lsn), tables: replacements.length, isResumed }, 'copy started')
    changed = await copyReplacements(context, replacements, { snapshot: point.snapshot, version })
  } finally {
    await point.release()
  }
  context.lost.signal.throwIfAborted()
  const copied: Replacement[] = []
  // Those that changed meanwhile are copied beside the stream, when it has begun. A table that was rewritten looks empty to
  // the copy's moment, which is no failure.
  for (const replacement of replacements)
    if (!changed.has(replacement) && !(await followSource(context, replacement)))
      copied.push(replacement)
  await Promise.all(copied.map((replacement) => takePlace(context, replacement)))
  const start = parseLsn(checkpoint.identity?.consistent_point ?? '')
  const done = await writeCheckpoint(
    sink,
    {
      ...checkpoint,
      lsn: start,
      topics: new Map(jobs.map(({ target }) => [topicOf(target.name), start])),
    },
    checkpoint,
  )
  state.snapshot = { tables: jobs.length, ms: Math.round(performance.now() - startedAt) }
  log.info(state.snapshot, 'snapshot done')
  for (const { target } of jobs) await reportClamped(sink, target)
  // They are of no row that follows.
  context.issues.take()
  return done
}

/** What was renamed while nobody looked is copied into the mirror it has, under its new name. */
async function followNames(context: Context, version: bigint): Promise<void> {
  if (!context.scope.tables) return
  for (const { source, to } of (await findRenamed(context)).renamed) {
    const target = context.targets.get(source)
    if (target && to) await renameMirror(context, target, to, { version, floors: new Map() })
  }
}

/** With the columns of the copy's moment: the stream tells what was done to them since, as it tells of rows. */
async function asOf({ config, scope }: Context, snapshot: string, jobs: Job[]): Promise<Job[]> {
  if (!scope.tables) return jobs
  const sql = postgres(config.DATABASE_URL, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await sql.unsafe('begin isolation level repeatable read read only')
    await sql.unsafe(`set transaction snapshot '${snapshot}'`)
    const tables = await listTables(sql, scope.tables)
    const then = new Map(tables.map((table) => [table.oid, table]))
    return jobs.map((job) => {
      const known = then.get(job.catalog?.oid ?? 0)
      if (!known || !job.catalog) return job
      const { columns, key } = known
      const source = { ...job.source, columns: new Set(columns.map(({ name }) => name)) }
      return { ...job, source, catalog: { ...job.catalog, columns, key } }
    })
  } finally {
    await sql.end({ timeout: 0 })
  }
}

/** A database that was never seen: what matches is published, so that the slot carries it from its first byte. */
async function publishTables({ scope, control }: Context): Promise<void> {
  if (!scope.tables) return
  await publish(control, scope.publication, await listTables(control, scope.tables))
}

/** The slot of the interrupted copy is as it was left. */
async function canResume(
  { control, isFresh }: Context,
  server: Server,
  known: Checkpoint | null,
): Promise<boolean> {
  if (isFresh || !known?.identity || known.lsn !== 0n) return false
  try {
    const lsn = parseLsn(known.identity.consistent_point)
    await checkSlot(control, { identity: known.identity, lsn, server })
    await releaseSlot(control, known.identity.slot)
    return true
  } catch (error) {
    if (error instanceof ResnapshotRequired) return false
    throw error
  }
}

/** Says durably that the tables are about to be filled anew, under an epoch that wins over the last one. */
async function begin(
  { sink, control, config }: Context,
  known: Checkpoint | null,
): Promise<Checkpoint> {
  const checkpoint = await writeCheckpoint(
    sink,
    { epoch: (known?.epoch ?? 0) + 1, lsn: 0n, commitAt: 0n, topics: new Map(), identity: null },
    known,
  )
  await dropSlot(control, slotName(config.PIPE))
  return checkpoint
}

/** A new slot and its snapshot, which lives until the next command on the stream's connection. */
async function createPoint({ stream, config }: Context): Promise<Point> {
  const { consistentPoint, snapshot } = await createSlot(stream, slotName(config.PIPE))
  return { lsn: consistentPoint, snapshot, release: async () => {} }
}

/** From here on an interrupted copy can be gone on with. */
function noteSlot(
  { sink, config }: Context,
  server: Server,
  begun: Checkpoint,
  lsn: bigint,
): Promise<Checkpoint> {
  const slot = slotName(config.PIPE)
  return writeCheckpoint(
    sink,
    {
      ...begun,
      commitAt: nowMicros(),
      identity: { ...server, slot, consistent_point: formatLsn(lsn) },
    },
    begun,
  )
}
