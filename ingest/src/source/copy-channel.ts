import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'

/** Rows leave in blocks of this size; handing them on one by one costs more than reading them. */
const BLOCK_BYTES = 1024 * 1024
/** What is read at once, into one buffer that is used again: a new one each time keeps the collector busy. */
const READ_BYTES = 256 * 1024
/** A read shorter than this has caught up with Postgres; so many small ones cost more than a short rest. */
const READ_BYTES_MIN = READ_BYTES / 2
const REST_MS = 1
const HEAD_BYTES = 5
const COPY_DATA = 0x64 // d
const COPY_DONE = 0x63 // c

/**
 * A socket for the `postgres` package that keeps the rows of COPY … TO STDOUT for itself. Postgres sends each
 * row as a message; here the heads are stripped from many at a time and the text goes on unparsed. Every
 * other message reaches the package as it came.
 */
export function createCopyChannel() {
  let socket: Socket | null = null
  let body: Readable | null = null
  let isFull = false
  let block = Buffer.allocUnsafe(BLOCK_BYTES)
  let used = 0

  function flush() {
    if (used === 0 || !body) return
    isFull = !body.push(block.subarray(0, used))
    block = Buffer.allocUnsafe(BLOCK_BYTES)
    used = 0
  }

  /** Called once a row: it makes no objects. */
  function keep(bytes: Buffer, from: number, to: number) {
    if (used + to - from > BLOCK_BYTES) flush()
    if (to - from > BLOCK_BYTES)
      isFull = body?.push(Buffer.from(bytes.subarray(from, to))) === false
    else used += bytes.copy(block, used, from, to)
  }

  function onMessage(type: number, bytes: Buffer, from: number, to: number) {
    if (type === COPY_DATA) return keep(bytes, from + HEAD_BYTES, to)
    socket?.emit('data', Buffer.from(bytes.subarray(from, to)))
    if (type !== COPY_DONE) return
    flush()
    body?.push(null)
    // A body that has ended asks for no more, and what follows is not for it.
    isFull = false
  }

  const receive = createReceiver(onMessage)

  /** Whether to read on at once. */
  function onRead(bytes: Buffer): boolean {
    receive(bytes)
    const isResting = body !== null && !isFull && bytes.length < READ_BYTES_MIN
    if (isResting) setTimeout(() => isFull || socket?.resume(), REST_MS)
    return !isFull && !isResting
  }

  return {
    /** The package's `socket` option: it listens to this socket as to any other. */
    async socket({ host, port }: { host: string[]; port: number[] }): Promise<Socket> {
      // The package would open another by itself, which would not see the snapshot.
      if (socket) throw new Error('the connection that holds the snapshot was lost')
      const opened = await openSocket(host[0] ?? 'localhost', port[0] ?? 5432, onRead)
      opened.once('close', () =>
        body?.destroy(new Error('Postgres closed the connection in the middle of a copy')),
      )
      socket = opened
      return opened
    },
    /** The rows of the next COPY, to be read before it is asked for. */
    open(): Readable {
      function read() {
        isFull = false
        socket?.resume()
      }
      used = 0
      body = new Readable({ highWaterMark: 4 * BLOCK_BYTES, read })
      return body
    },
  }
}

async function openSocket(host: string, port: number, onRead: (bytes: Buffer) => boolean) {
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  const callback = (length: number) => onRead(buffer.subarray(0, length))
  const socket = connect({ host, port, noDelay: true, onread: { buffer, callback } })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

type OnMessage = (type: number, bytes: Buffer, from: number, to: number) => void

/** Cuts what is read into messages. One that is cut by the end of a read is put together, it alone. */
function createReceiver(onMessage: OnMessage) {
  let rest = Buffer.alloc(0)

  function lengthOf(bytes: Buffer, at: number): number {
    return at + HEAD_BYTES <= bytes.length ? 1 + bytes.readUInt32BE(at + 1) : Infinity
  }

  return function receive(read: Buffer) {
    let at = 0
    while (rest.length > 0) {
      const wanted = rest.length < HEAD_BYTES ? HEAD_BYTES : lengthOf(rest, 0)
      const take = Math.min(wanted - rest.length, read.length - at)
      rest = Buffer.concat([rest, read.subarray(at, at + take)])
      at += take
      if (rest.length < wanted) return
      if (rest.length < lengthOf(rest, 0)) continue
      onMessage(rest[0] ?? 0, rest, 0, rest.length)
      rest = Buffer.alloc(0)
    }
    for (let end = at + lengthOf(read, at); end <= read.length; end = at + lengthOf(read, at)) {
      onMessage(read[at] ?? 0, read, at, end)
      at = end
    }
    rest = Buffer.from(read.subarray(at))
  }
}
