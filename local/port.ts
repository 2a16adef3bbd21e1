import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the range that outgoing connections take theirs from, so none of them can take it in between. */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const TRIES_MAX = 50

/** A port nobody listens on now. Tests and benchmarks use it; the product's ports are fixed. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = randomInt(FIRST_PORT, LAST_PORT)
    if (!(await isPortTaken(port, '127.0.0.1'))) return port
  }
  throw new Error(`no free port found between ${FIRST_PORT} and ${LAST_PORT}`)
}

export function isPortTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, host, () => server.close(() => resolve(false)))
  })
}
