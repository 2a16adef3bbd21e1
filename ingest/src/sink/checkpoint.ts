import type { Position } from '../batches.ts'
import type { Identity } from '../source/slot.ts'
import { clickhouseTimeOf, nowMicros } from '../time.ts'
import type { Sink } from './clickhouse.ts'

/**
 * Where a pipe stands. `lsn` is an end: every commit that begins before it is in the tables, and it is
 * exactly what Postgres has been or will be told. 0 means that a snapshot was begun and is not done.
 */
export type Checkpoint = {
  epoch: number
  lsn: bigint
  commitAt: bigint
  topics: Map<string, bigint>
  identity: Identity | null
  appliedAt: bigint
}

type Row = {
  epoch: number
  lsn: string
  commit_at: string
  topics: Record<string, string>
  slot_identity: string
  applied_at: string
}

export async function readCheckpoint(sink: Sink): Promise<Checkpoint | null> {
  const result = await sink.client.query({
    query: `
      select epoch, toString(commit_lsn) as lsn, toString(toUnixTimestamp64Micro(commit_at)) as commit_at,
        mapApply((topic, lsn) -> (topic, toString(lsn)), topics) as topics, slot_identity,
        toString(toUnixTimestamp64Micro(applied_at)) as applied_at
      from cdc_checkpoint
      where pipe = {pipe: String}
      order by cdc_checkpoint.applied_at desc
      limit 1`,
    query_params: { pipe: sink.pipe },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<Row>()
  if (!row) return null
  return {
    epoch: row.epoch,
    lsn: BigInt(row.lsn),
    commitAt: BigInt(row.commit_at),
    topics: new Map(Object.entries(row.topics).map(([topic, lsn]) => [topic, BigInt(lsn)])),
    identity: row.slot_identity === '' ? null : parseIdentity(row.slot_identity),
    appliedAt: BigInt(row.applied_at),
  }
}

/** Records a position, durably, and returns it. Its time never goes back, for the newest time is the one kept. */
export async function writeCheckpoint(
  sink: Sink,
  checkpoint: Omit<Checkpoint, 'appliedAt'>,
  previous: Checkpoint | null,
): Promise<Checkpoint> {
  const now = nowMicros()
  const earliest = (previous?.appliedAt ?? 0n) + 1n
  const appliedAt = now > earliest ? now : earliest
  const row = {
    pipe: sink.pipe,
    epoch: checkpoint.epoch,
    commit_lsn: checkpoint.lsn.toString(),
    commit_at: clickhouseTimeOf(checkpoint.commitAt),
    topics: Object.fromEntries(
      [...checkpoint.topics].map(([topic, lsn]) => [topic, lsn.toString()]),
    ),
    slot_identity: checkpoint.identity ? JSON.stringify(checkpoint.identity) : '',
    applied_at: clickhouseTimeOf(appliedAt),
  }
  await sink.write('insert into `cdc_checkpoint` format JSONEachRow', [
    Buffer.from(JSON.stringify(row)),
  ])
  return { ...checkpoint, appliedAt }
}

/** The checkpoint after a batch. Commit times are not quite in log order, and a watermark only moves forward. */
export function moveOn(
  from: Checkpoint,
  upTo: Position,
  topics: Map<string, Position>,
): Omit<Checkpoint, 'appliedAt'> {
  const commitAt = upTo.commitAt ?? from.commitAt
  return {
    ...from,
    lsn: upTo.lsn > from.lsn ? upTo.lsn : from.lsn,
    commitAt: commitAt > from.commitAt ? commitAt : from.commitAt,
    topics: new Map([
      ...from.topics,
      ...[...topics].map(([topic, { lsn }]) => [topic, lsn] as const),
    ]),
  }
}

function parseIdentity(text: string): Identity {
  const value: Identity = JSON.parse(text)
  return value
}
