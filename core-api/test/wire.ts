import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export type Wire = { server: Server; port: number; isDown: boolean; cut(): void }

/** A wire to the database that can be cut: connections break, new ones are refused while it is down. */
export async function cuttable(target: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    if (state.isDown) return socket.destroy()
    const upstream = connect(target, '127.0.0.1')
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        sockets.delete(end)
        socket.destroy()
        upstream.destroy()
      })
    }
    return socket.pipe(upstream).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const state: Wire = { server, port, isDown: false, cut }
  return state

  function cut(): void {
    for (const socket of sockets) socket.destroy()
  }
}
