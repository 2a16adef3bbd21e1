import { createBatchMaker, takeBatches, type Batch } from './batches.ts'
import { publicationNames } from './catalog/publication.ts'
import type { Context, Session } from './context.ts'
import type { LastWrite } from './linger.ts'
import { readDescriptions } from './mirror/descriptions.ts'
import { waitForCopy } from './mirror/follow.ts'
import { homesOf } from './mirror/home.ts'
import { createKeeper } from './mirror/keeper.ts'
import { readTables } from './mirror/registry.ts'
import { runPipeline } from './pipeline.ts'
import { countQuarantined, createIssues, quarantine } from './quarantine.ts'
import { createQueue } from './queue.ts'
import { moveOn, readCheckpoint, writeCheckpoint, type Checkpoint } from './sink/checkpoint.ts'
import { connectSink, endEarlierInserts, RowsRefused } from './sink/clickhouse.ts'
import { readHighWater, readTargets, sourceOf } from './sink/targets.ts'
import { prepareDatabase } from './sink/bookkeeping.ts'
import type { Scope } from './scope.ts'
import { settleParts } from './rollup/settle.ts'
import { takeSnapshot } from './snapshot.ts'
import { openControlConnection, startHeartbeat } from './source/control.ts'
import {
  openReplicationConnection,
  startReplication,
  type Replication,
} from './source/replication.ts'
import { checkSlot, identifyServer, lockPipe, releaseSlot } from './source/slot.ts'
import { announce, noteFacts, noteFinished, noteReceived, noteStreaming } from './state.ts'

/**
 * One life of the stream, from lock to loss. There is no other way to recover than to end it and begin
 * again: a lost connection takes the path that a crash takes, so that path is the one that is used.
 */
export async function runSession(session: Session): Promise<void> {
  const { config, scope, state, stop } = session
  const lost = new AbortController()
  const lose = (error: Error) => lost.abort(error)
  const sink = connectSink({
    url: config.CLICKHOUSE_URL,
    pipe: config.PIPE,
    ...(scope.tables && { database: scope.database }),
  })
  const control = openControlConnection(config.DATABASE_URL, lose)
  const stream = openReplicationConnection(config.DATABASE_URL)
  const isStopping = () => lose(new Error('stopping'))
  stop.addEventListener('abort', isStopping, { once: true })
  state.counters.sessions += 1
  try {
    await lockPipe(control, config.PIPE)
    if (scope.tables) await prepareDatabase(config.CLICKHOUSE_URL, scope.database)
    await endEarlierInserts(sink)
    const issues = createIssues(state)
    const targets = await readTargets(sink, issues.onIssue)
    const entries = await readTables(sink)
    const descriptions = await readDescriptions(sink)
    state.quarantined = await countQuarantined(sink)
    state.tables = entries
    const homes = homesOf(targets)
    const known = { targets, homes, entries, descriptions }
    const context = { ...session, sink, control, stream, ...known, issues, lost }
    const checkpoint = await startingPoint(context)
    await settleParts(sink.client)
    stop.removeEventListener('abort', isStopping)
    await follow(context, checkpoint)
  } finally {
    stop.removeEventListener('abort', isStopping)
    lost.abort(new Error('the session has ended'))
    await Promise.allSettled([
      control.end({ timeout: 0 }),
      stream.end({ timeout: 0 }),
      sink.close(),
    ])
  }
}

/** The checkpoint, where the slot can go on from it; otherwise a snapshot. */
async function startingPoint(context: Context): Promise<Checkpoint> {
  const { sink, control, stream, isFresh } = context
  const server = await identifyServer(stream)
  const known = await readCheckpoint(sink)
  if (isFresh || !known?.identity || known.lsn === 0n) return takeSnapshot(context, server, known)
  await checkSlot(control, { identity: known.identity, lsn: known.lsn, server })
  await releaseSlot(control, known.identity.slot)
  return known
}

/** The changes from the checkpoint on, and where they wait; null when there is no time left for them. */
async function openStream({ scope, state, stream, stop, lost }: Context, start: Checkpoint) {
  let replication: Replication | null = null
  const queue = createQueue({
    onFull: () => replication?.pause(),
    onDrained: () => replication?.resume(),
  })
  lost.signal.addEventListener('abort', () => queue.fail(lost.signal.reason), { once: true })
  stop.addEventListener('abort', queue.close, { once: true })
  lost.signal.throwIfAborted()
  if (stop.aborted) return null

  const source = await startReplication(
    stream,
    {
      slot: start.identity?.slot ?? '',
      publications: publicationsOf(scope),
      checkpoint: start.lsn,
    },
    {
      onPieces(pieces) {
        noteReceived(state, pieces)
        queue.push(pieces)
        state.queue = queue.size()
      },
      onError: (error) => lost.abort(error),
    },
  )
  replication = source
  return { queue, source }
}

/** Streams until the session is lost or asked to stop. */
async function follow(context: Context, start: Checkpoint): Promise<void> {
  const { config, state, sink, control, issues, stop, lost } = context
  const floors = await readFloors(context, start.epoch)
  const opened = await openStream(context, start)
  if (!opened) return
  const { queue, source } = opened
  const heartbeat = startHeartbeat(control, (error) => lost.abort(error))
  let checkpoint = start
  const keeper = await createKeeper(context, {
    epoch: start.epoch,
    floors,
    position: () => checkpoint.lsn,
  })
  let lastWrite: LastWrite = { startedAt: 0, ms: 0 }
  announce(state, checkpoint)
  try {
    await runPipeline({
      batches: takeBatches(queue, () => lastWrite),
      toBatch: createBatchMaker({
        epoch: start.epoch,
        highWater: floors,
        targetOf: keeper.targetOf,
        takeIssues: issues.take,
      }),
      prepare: keeper.prepare,
      writeFacts(batch) {
        heartbeat.assertHeld()
        return sink.writeFacts(batch)
      },
      writeMirrors: (batch) => writeMirrors(context, batch),
      async record({ upTo, topics, touched }) {
        checkpoint = await writeCheckpoint(sink, moveOn(checkpoint, upTo, topics), checkpoint)
        noteStreaming(state)
        announce(state, checkpoint, { topics, touched })
      },
      acknowledge: source.acknowledge,
      onFacts(batch, write) {
        if (batch.facts.length > 0) lastWrite = write
        noteFacts(state, batch, write.ms)
        state.queue = queue.size()
      },
      onFinished: (batch) => noteFinished(state, batch),
    })
  } finally {
    heartbeat.stop()
    stop.removeEventListener('abort', queue.close)
    lost.abort(new Error('the session has ended'))
    await keeper.stop()
    await source.close()
    context.log.info({ pipe: config.PIPE, lsn: checkpoint.lsn.toString() }, 'stream ended')
  }
}

async function writeMirrors(context: Context, batch: Batch) {
  const { sink, state } = context
  await quarantine(sink, batch.misfits)
  state.quarantined += batch.misfits.length
  try {
    await sink.writeMirrors(batch)
  } catch (error) {
    // It would be refused for ever: its table waits, and the others flow when the next session begins.
    if (error instanceof RowsRefused && error.target.source)
      await waitForCopy(context, sourceOf(error.target), error.message)
    throw error
  }
}

/** What a table holds already: a ledger up to its newest row, a mirror up to the moment it was copied. */
async function readFloors({ sink, targets, entries }: Context, epoch: number) {
  const floors = await readHighWater(sink, targets.values())
  for (const { status, target, version, epoch: copied } of entries.values()) {
    if (status !== 'live' || copied !== epoch) continue
    const known = floors.get(target) ?? 0n
    floors.set(target, version > known ? version : known)
  }
  return floors
}

function publicationsOf({ publication, tables }: Scope): string[] {
  return tables ? publicationNames(publication) : [publication]
}
