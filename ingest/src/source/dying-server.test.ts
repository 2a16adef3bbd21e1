import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openReader } from '../audit/reader.ts'
import { openControlConnection } from './control.ts'
import { openReplicationConnection } from './replication.ts'

/** AuthenticationOk and ReadyForQuery: all that is said before the first question. */
const WELCOME = Buffer.from('5200000008000000005a0000000549', 'hex')

let server: Server
let url: string
const lost: unknown[] = []
const note = (reason: unknown) => lost.push(reason)

/** A Postgres that lets one in and dies at the first question, as one does that is being killed. */
beforeEach(async () => {
  server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(WELCOME)
      socket.once('data', () => socket.resetAndDestroy())
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  url = `postgres://ingest:ingest@127.0.0.1:${address.port}/core`
  process.prependListener('unhandledRejection', note)
})
afterEach(async () => {
  process.off('unhandledRejection', note)
  await new Promise((done) => server.close(done))
})

test('Postgres that dies as it lets ingest in is an error of the question, and never ends the process', async () => {
  const opened = [
    openReader(url),
    openReplicationConnection(url),
    openControlConnection(url, () => {}),
  ]
  const asked = await Promise.allSettled(opened.map((sql) => sql`select 1`))
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await vi.waitFor(() => expect(lost).toEqual([]))
  await Promise.all(opened.map((sql) => sql.end({ timeout: 0 })))
})
