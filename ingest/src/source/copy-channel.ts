import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'

/** Rows leave in blocks of this size; handing them on one by one costs more than reading them. */
const BLOCK_BYTES = 1024 * 1024
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
  let rest: Buffer | null = null
  let block = Buffer.allocUnsafe(BLOCK_BYTES)
  let used = 0

  function flush() {
    if (used === 0 || !body) return
    if (!body.push(block.subarray(0, used))) socket?.pause()
    block = Buffer.allocUnsafe(BLOCK_BYTES)
    used = 0
  }

  function keep(payload: Buffer) {
    if (used + payload.length > BLOCK_BYTES) flush()
    if (payload.length > BLOCK_BYTES) {
      body?.push(Buffer.from(payload))
      return
    }
    payload.copy(block, used)
    used += payload.length
  }

  /** Takes the rows out of what was read and passes the other messages on. */
  function receive(read: Buffer, pass: (message: Buffer) => void) {
    const bytes = rest ? Buffer.concat([rest, read]) : read
    let at = 0
    while (at + 5 <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1)
      if (end > bytes.length) break
      const type = bytes[at]
      if (type === COPY_DATA) keep(bytes.subarray(at + 5, end))
      else pass(bytes.subarray(at, end))
      if (type === COPY_DONE) {
        flush()
        body?.push(null)
        // A body that has ended asks for no more, and what follows is not for it.
        socket?.resume()
      }
      at = end
    }
    rest = at === bytes.length ? null : bytes.subarray(at)
  }

  return {
    /** The package's `socket` option: it listens to this socket as to any other. */
    async socket({ host, port }: { host: string[]; port: number[] }): Promise<Socket> {
      // The package would open another by itself, which would not see the snapshot.
      if (socket) throw new Error('the connection that holds the snapshot was lost')
      const opened = await openSocket(host[0] ?? 'localhost', port[0] ?? 5432)
      socket = opened
      divert(opened, receive)
      opened.once('close', () =>
        body?.destroy(new Error('Postgres closed the connection in the middle of a copy')),
      )
      return opened
    },
    /** The rows of the next COPY, to be read before it is asked for. */
    open(): Readable {
      used = 0
      body = new Readable({ highWaterMark: 4 * BLOCK_BYTES, read: () => void socket?.resume() })
      return body
    },
  }
}

async function openSocket(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

/** Lets `receive` see what was read before any listener, and decide what listeners get. */
function divert(socket: Socket, receive: (read: Buffer, pass: (bytes: Buffer) => void) => void) {
  const emit = socket.emit.bind(socket)
  socket.emit = (event: string | symbol, ...values: unknown[]) => {
    const [read] = values
    if (event !== 'data' || !Buffer.isBuffer(read)) return emit(event, ...values)
    receive(read, (bytes) => emit('data', bytes))
    return true
  }
}
