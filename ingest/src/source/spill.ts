/** Transactions that are still going on, on disk: they may be undone, and they may be larger than memory. */
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDescription } from './stream-messages.ts'

const BLOCK_BYTES = 256 * 1024
const HEAD_BYTES = 8
const PREFIX = 'tributary-spill-'

type Held = { file: string; fd: number; aborted: Set<number>; block: Buffer; used: number }

export type Spill = {
  append(xid: number, subxid: number, message: Buffer): void
  /** Undoes a part of a transaction, or all of it where both are the same. */
  abort(xid: number, subxid: number): void
  /** What a transaction did, in order and many at a time, without what it undid. */
  read(xid: number): AsyncGenerator<Buffer[]>
  forget(xid: number): void
  size(): { transactions: number; bytes: number }
  close(): void
}

export function createSpill(): Spill {
  removeAbandoned()
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const held = new Map<number, Held>()
  let bytes = 0

  function open(xid: number): Held {
    const file = join(folder, String(xid))
    const fd = openSync(file, 'w', 0o600)
    const one = { file, fd, aborted: new Set<number>(), block: Buffer.alloc(BLOCK_BYTES), used: 0 }
    held.set(xid, one)
    return one
  }

  function write(one: Held, data: Buffer) {
    for (let at = 0; at < data.length;) at += writeSync(one.fd, data, at)
    bytes += data.length
  }

  function flush(one: Held) {
    write(one, one.block.subarray(0, one.used))
    one.used = 0
  }

  function forget(xid: number) {
    const one = held.get(xid)
    if (!one) return
    held.delete(xid)
    closeSync(one.fd)
    rmSync(one.file, { force: true })
  }

  return {
    append(xid, subxid, message) {
      const one = held.get(xid) ?? open(xid)
      if (one.used + HEAD_BYTES + message.length > BLOCK_BYTES) flush(one)
      one.block.writeUInt32BE(message.length, one.used)
      one.block.writeUInt32BE(subxid, one.used + 4)
      one.used += HEAD_BYTES
      if (one.used + message.length > BLOCK_BYTES) {
        flush(one)
        write(one, message)
      } else one.used += message.copy(one.block, one.used)
    },
    abort(xid, subxid) {
      if (xid === subxid) forget(xid)
      else held.get(xid)?.aborted.add(subxid)
    },
    async *read(xid) {
      const one = held.get(xid)
      if (!one) return
      flush(one)
      for await (const records of recordsOf(one.file)) {
        const kept = records.filter(
          ({ subxid, message }) => !one.aborted.has(subxid) || isDescription(message),
        )
        yield kept.map(({ message }) => message)
      }
    },
    forget,
    size: () => ({ transactions: held.size, bytes }),
    close() {
      for (const xid of held.keys()) forget(xid)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A process that was killed could not tidy up; Postgres sends again what it had. */
function removeAbandoned() {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    if (Number.isInteger(pid) && !isRunning(pid))
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // One of another user is there, and may not be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

type Spilled = { subxid: number; message: Buffer }

async function* recordsOf(file: string): AsyncGenerator<Spilled[]> {
  let rest: Buffer = Buffer.alloc(0)
  const blocks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: BLOCK_BYTES })
  for await (const block of blocks) {
    rest = rest.length > 0 ? Buffer.concat([rest, block]) : block
    const records: Spilled[] = []
    let at = 0
    while (at + HEAD_BYTES <= rest.length) {
      const end = at + HEAD_BYTES + rest.readUInt32BE(at)
      if (end > rest.length) break
      records.push({
        subxid: rest.readUInt32BE(at + 4),
        message: rest.subarray(at + HEAD_BYTES, end),
      })
      at = end
    }
    rest = rest.subarray(at)
    yield records
  }
  if (rest.length > 0) throw new Error('a transaction on disk ends in the middle of a change')
}
