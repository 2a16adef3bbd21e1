import { createBatchMaker, takeBatches } from './batches.ts'
import { PUBLICATION, targetOf, type Context, type Session } from './context.ts'
import type { LastWrite } from './linger.ts'
import { runPipeline } from './pipeline.ts'
import { createQueue } from './queue.ts'
import { moveOn, readCheckpoint, writeCheckpoint, type Checkpoint } from './sink/checkpoint.ts'
import { connectSink, endEarlierInserts, readHighWater, readTargets } from './sink/clickhouse.ts'
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
  const { config, state, log, stop } = session
  const lost = new AbortController()
  const lose = (error: Error) => lost.abort(error)
  const sink = connectSink({ url: config.CLICKHOUSE_URL, pipe: config.PIPE })
  const control = openControlConnection(config.DATABASE_URL, lose)
  const stream = openReplicationConnection(config.DATABASE_URL)
  const isStopping = () => lose(new Error('stopping'))
  stop.addEventListener('abort', isStopping, { once: true })
  state.counters.sessions += 1
  try {
    await lockPipe(control, config.PIPE)
    await endEarlierInserts(sink)
    const targets = await readTargets(sink, (table, column, reason) => {
      state.counters.issues += 1
      log.warn({ table, column }, reason)
    })
    const context = { ...session, sink, control, stream, targets, lost }
    const checkpoint = await startingPoint(context)
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

/** Streams until the session is lost or asked to stop. */
async function follow(context: Context, start: Checkpoint): Promise<void> {
  const { config, state, sink, control, stream, targets, stop, lost } = context
  const highWater = await readHighWater(sink, targets.values())
  let replication: Replication | null = null
  const queue = createQueue({
    onFull: () => replication?.pause(),
    onDrained: () => replication?.resume(),
  })
  lost.signal.addEventListener('abort', () => queue.fail(lost.signal.reason), { once: true })
  stop.addEventListener('abort', queue.close, { once: true })
  lost.signal.throwIfAborted()
  if (stop.aborted) return

  const slot = start.identity?.slot ?? ''
  const source = await startReplication(
    stream,
    { slot, publication: PUBLICATION, checkpoint: start.lsn },
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
  const heartbeat = startHeartbeat(control, (error) => lost.abort(error))
  let checkpoint = start
  let lastWrite: LastWrite = { startedAt: 0, ms: 0 }
  announce(state, checkpoint)
  try {
    await runPipeline({
      batches: takeBatches(queue, () => lastWrite),
      toBatch: createBatchMaker({
        epoch: start.epoch,
        highWater,
        targetOf: (table) => targetOf(context, table),
        onUnknownColumns: (table, columns) =>
          context.log.warn(
            { table: table.name, columns },
            'ClickHouse has no such columns: left out',
          ),
      }),
      writeFacts(batch) {
        heartbeat.assertHeld()
        return sink.writeFacts(batch)
      },
      writeMirrors: sink.writeMirrors,
      async record({ upTo, topics }) {
        checkpoint = await writeCheckpoint(sink, moveOn(checkpoint, upTo, topics), checkpoint)
        announce(state, checkpoint, topics)
        noteStreaming(state)
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
    await source.close()
  }
  context.log.info({ pipe: config.PIPE, lsn: checkpoint.lsn.toString() }, 'stream ended')
}
