import type { Readable, Writable } from 'node:stream'
import postgres from 'postgres'
import type { Piece } from '../change.ts'
import { createAssembler } from './assemble.ts'
import { createGate } from './gate.ts'
import { createStreamed } from './streamed.ts'
import { parseMessage, POSTGRES_EPOCH_MICROS } from './pgoutput.ts'

/** Well within Postgres' default wal_sender_timeout of 60 s, reading or not. */
const STATUS_EVERY_MS = 5_000
/** Postgres asks again and again while it stops; each answer costs a durable checkpoint. */
const IDLE_EVERY_MS = 200
const CONNECT_S_MAX = 10

export type Replication = {
  /** Says that everything before `lsn` is durable elsewhere: Postgres may forget it. */
  acknowledge(lsn: bigint): void
  pause(): void
  resume(): void
  close(): Promise<void>
}

type Listener = {
  onPieces(pieces: Piece[]): void
  /** Called once, when the stream has ended for whatever reason but `close`. */
  onError(error: Error): void
}

/** How values are written: the same in a copy and in the stream, whatever a role or a database prefers. */
export const TEXT_SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: 1,
}

/** A connection that speaks the replication protocol. Its text is what the sink expects: ISO dates in UTC. */
export function openReplicationConnection(databaseUrl: string) {
  return postgres(databaseUrl, {
    max: 1,
    connect_timeout: CONNECT_S_MAX,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connection: {
      application_name: 'tributary ingest stream',
      replication: 'database',
      ...TEXT_SETTINGS,
    },
    onnotice: () => {},
  })
}

/**
 * Streams a slot from where it was last acknowledged. Transactions before `checkpoint` are not passed on.
 * Every chunk of the raw copy-both stream is one message of Postgres: `w` is data, `k` a keepalive.
 */
export async function startReplication(
  connection: ReturnType<typeof openReplicationConnection>,
  { slot, publications, checkpoint }: { slot: string; publications: string[]; checkpoint: bigint },
  listener: Listener,
): Promise<Replication> {
  const stream = connection.unsafe(
    `START_REPLICATION SLOT "${slot}" LOGICAL 0/0
     (proto_version '2', streaming 'on', publication_names '${publications.map((name) => `"${name}"`).join(',')}', messages 'true')`,
  )
  const [readable, writable] = await Promise.all([stream.readable(), stream.writable()])
  const replication = attach(readable, writable, checkpoint, listener)
  return {
    ...replication,
    async close() {
      await replication.close()
      await connection.end({ timeout: 0 })
    },
  }
}

function attach(
  readable: Readable,
  writable: Writable,
  checkpoint: bigint,
  { onPieces, onError }: Listener,
): Replication {
  const assembler = createAssembler(checkpoint)
  const streamed = createStreamed(assembler)
  let acknowledged = checkpoint
  let isClosed = false
  const gate = createGate(readable)
  let lastIdle = 0

  function sendStatus() {
    if (!isClosed && writable.writable) writable.write(statusOf(acknowledged))
  }

  /** Everything before its end has been sent: it queues up behind that and is acknowledged in its turn. */
  function keepalive(chunk: Buffer) {
    if (chunk[17] !== 1) return // no answer is wanted
    sendStatus()
    const end = chunk.readBigUInt64BE(1)
    if (end <= acknowledged || !assembler.isBetween()) return
    if (Date.now() - lastIdle < IDLE_EVERY_MS) return
    lastIdle = Date.now()
    onPieces([nothingUntil(end)])
  }

  function fail(error: unknown) {
    if (isClosed) return
    end()
    onError(error instanceof Error ? error : new Error(String(error)))
  }

  function end() {
    isClosed = true
    gate.open()
    streamed.close()
    clearInterval(timer)
  }

  function receive(chunk: Buffer): void {
    if (chunk[0] === 0x6b) return keepalive(chunk)
    const payload = chunk.subarray(25)
    const taken = streamed.take(payload)
    if (taken.kind === 'kept') return
    if (taken.kind === 'ended') return void gate.passFirst(taken.pieces, onPieces).catch(fail)
    const pieces = assembler.push(parseMessage(payload), payload.length)
    if (pieces.length > 0) onPieces(pieces)
  }

  const timer = setInterval(sendStatus, STATUS_EVERY_MS)
  listen(readable, (chunk) => isClosed || receive(chunk), fail)
  writable.on('error', fail)

  return {
    acknowledge(lsn) {
      if (lsn <= acknowledged) return
      acknowledged = lsn
      sendStatus()
    },
    pause: gate.pause,
    resume: gate.resume,
    async close() {
      if (!isClosed)
        await new Promise<void>((done) => writable.write(statusOf(acknowledged), () => done()))
      end()
    },
  }
}

function nothingUntil(end: bigint): Piece {
  return { commitLsn: end, commitAt: null, endLsn: end, changes: [], bytes: 0 }
}

function listen(
  readable: Readable,
  receive: (chunk: Buffer) => unknown,
  fail: (error: unknown) => void,
) {
  readable.on('data', (chunk: Buffer) => {
    try {
      receive(chunk)
    } catch (error) {
      fail(error)
    }
  })
  readable.on('error', fail)
  readable.on('close', () => fail(new Error('Postgres closed the change stream')))
}

/** A status message claims only what is durable, for all three positions it has. */
function statusOf(lsn: bigint): Buffer {
  const message = Buffer.alloc(34)
  message[0] = 0x72 // r
  message.writeBigUInt64BE(lsn, 1)
  message.writeBigUInt64BE(lsn, 9)
  message.writeBigUInt64BE(lsn, 17)
  message.writeBigInt64BE(BigInt(Date.now()) * 1_000n - POSTGRES_EPOCH_MICROS, 25)
  return message
}
