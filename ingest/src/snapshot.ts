import { type Context, PUBLICATION, targetOf } from './context.ts'
import { versionOf } from './change.ts'
import { writeCheckpoint, type Checkpoint } from './sink/checkpoint.ts'
import { reportClamped, truncate } from './sink/clickhouse.ts'
import { copyTables, listPublished } from './source/copy.ts'
import { formatLsn } from './source/lsn.ts'
import { createSlot, dropSlot, slotName, type Server } from './source/slot.ts'
import { nowMicros } from './time.ts'
import { topicOf } from './topic.ts'

/**
 * Fills every table as of the moment a new slot begins, so that the stream goes on exactly where the copy
 * ends. Nothing counts until the checkpoint at the end: a crash before it starts over with empty tables.
 */
export async function takeSnapshot(
  context: Context,
  server: Server,
  known: Checkpoint | null,
): Promise<Checkpoint> {
  const { config, state, log, sink, control, stream, lost, isFresh } = context
  state.phase = 'snapshot'
  state.reason = null
  const startedAt = performance.now()
  const slot = slotName(config.PIPE)
  const tables = (await listPublished(control, PUBLICATION)).flatMap((source) => {
    const target = targetOf(context, source)
    return target ? [{ source, target }] : []
  })
  const begun = await begin(context, known, isFresh)
  await dropSlot(control, slot)
  await Promise.all(tables.map(({ target }) => truncate(sink, target)))

  // Taken before the slot: whatever had committed by now is in the snapshot.
  const commitAt = nowMicros()
  const { consistentPoint, snapshot } = await createSlot(stream, slot)
  log.info({ slot, lsn: formatLsn(consistentPoint), tables: tables.length }, 'snapshot started')
  await copyTables({
    databaseUrl: config.DATABASE_URL,
    snapshot,
    tables,
    signal: lost.signal,
    async load(target, columns, body) {
      const begunAt = performance.now()
      await sink.load({
        target,
        columns,
        version: versionOf(begun.epoch, consistentPoint, 0),
        body,
      })
      log.info({ table: target.name, ms: Math.round(performance.now() - begunAt) }, 'table copied')
    },
  })
  lost.signal.throwIfAborted()
  const checkpoint = await writeCheckpoint(
    sink,
    {
      epoch: begun.epoch,
      lsn: consistentPoint,
      commitAt,
      topics: new Map(tables.map(({ target }) => [topicOf(target.name), consistentPoint])),
      identity: { ...server, slot, consistent_point: formatLsn(consistentPoint) },
    },
    begun,
  )
  state.snapshot = { tables: tables.length, ms: Math.round(performance.now() - startedAt) }
  log.info(state.snapshot, 'snapshot done')
  for (const { target } of tables) await reportClamped(sink, target)
  return checkpoint
}

/** Says durably that the tables are about to be filled anew, under an epoch that wins over the last one. */
function begin({ sink }: Context, known: Checkpoint | null, isFresh: boolean): Promise<Checkpoint> {
  const isOver = known !== null && (isFresh || known.lsn > 0n)
  const epoch = isOver ? known.epoch + 1 : (known?.epoch ?? 1)
  return writeCheckpoint(
    sink,
    { epoch, lsn: 0n, commitAt: 0n, topics: new Map(), identity: null },
    known,
  )
}
