/** Transactions that come in parts while they go on: kept on disk, and taken for any other when they end. */
import type { Piece } from '../change.ts'
import type { Assembler } from './assemble.ts'
import { parseMessage } from './pgoutput.ts'
import { createSpill } from './spill.ts'
import { parseStreamMessage, splitStreamed } from './stream-messages.ts'

type Taken =
  | { kind: 'other' }
  | { kind: 'kept' }
  /** The transaction has committed: these are its pieces, to be passed on before anything that follows. */
  | { kind: 'ended'; pieces: AsyncGenerator<Piece[]> }

export function createStreamed(assembler: Assembler) {
  let spill: ReturnType<typeof createSpill> | null = null
  let current: number | null = null

  function take(payload: Buffer): Taken {
    const message = parseStreamMessage(payload)
    if (!message) {
      if (current === null) return { kind: 'other' }
      const split = splitStreamed(payload)
      spill ??= createSpill()
      if (split) spill.append(current, split.subxid, split.message)
      return { kind: 'kept' }
    }
    switch (message.tag) {
      case 'start':
        current = message.xid
        return { kind: 'kept' }
      case 'stop':
        current = null
        return { kind: 'kept' }
      case 'abort':
        spill?.abort(message.xid, message.subxid)
        return { kind: 'kept' }
      case 'commit':
        return { kind: 'ended', pieces: replay(message) }
    }
  }

  async function* replay(end: {
    xid: number
    commitLsn: bigint
    endLsn: bigint
    commitAt: bigint
  }): AsyncGenerator<Piece[]> {
    const { xid, commitLsn, endLsn, commitAt } = end
    assembler.push({ tag: 'begin', commitLsn, commitAt, xid }, 0)
    for await (const messages of spill?.read(xid) ?? [])
      for (const message of messages) {
        const pieces = assembler.push(parseMessage(message), message.length)
        if (pieces.length > 0) yield pieces
      }
    spill?.forget(xid)
    yield assembler.push({ tag: 'commit', commitLsn, endLsn, commitAt }, 0)
  }

  return {
    take,
    close() {
      spill?.close()
      spill = null
    },
  }
}
