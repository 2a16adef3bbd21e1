/**
 * Stands between ingest and ClickHouse and does to one chosen statement what a network, a server or a power cut
 * may do to it. So the points at which a process dies have names, and its own code knows nothing of them.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a statement is to a stream; `schema` is a change of a table, `copy` a part of one that is copied anew. */
export type Point = 'facts' | 'mirrors' | 'checkpoint' | 'schema' | 'copy'

export type Trap = {
  point: Point
  /** Before ClickHouse hears of it, in the middle of it, or after it was written and before anyone is told. */
  when: 'before' | 'middle' | 'after'
  /** What happens then. The answer goes out only when it resolves to `answer`; else the connection is cut, or fails. */
  spring(): Promise<'answer' | 'cut' | 'fail'>
}

const SLOW_ANSWERS_MS_MAX = 60_000
const STATEMENT_BYTES_MAX = 500

/** Time for ClickHouse to begin with what it was sent. */
const CUT_AFTER_MS = 20

type Upstream = { agent: Agent; target: () => string }
type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer }

export async function createFaultProxy(
  target: () => string,
  pointOf: (statement: string) => Point | null,
) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const upstream = { agent, target }
  let trap: { trap: Trap; sprung: () => void } | null = null

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.keepAliveTimeout = SLOW_ANSWERS_MS_MAX

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse) {
    const body = await bytesOf(incoming)
    const here = trap?.trap.point === pointOf(statementOf(incoming, body)) ? trap : null
    if (here) trap = null

    const isMiddle = here?.trap.when === 'middle'
    if (here && here.trap.when !== 'after') {
      if (isMiddle)
        await forward(upstream, incoming, body.subarray(0, body.length / 2), body.length)
      const fate = await here.trap.spring()
      here.sprung()
      if (fate === 'cut' || isMiddle) return void outgoing.destroy()
      if (fate === 'fail') return void outgoing.writeHead(500).end('fault')
    }
    const answer = await forward(upstream, incoming, body, body.length)
    if (here?.trap.when === 'after') {
      const fate = await here.trap.spring()
      here.sprung()
      if (fate === 'cut') return void outgoing.destroy()
      if (fate === 'fail') return void outgoing.writeHead(500).end('fault after the write')
    }
    if (!answer) return void outgoing.destroy()
    outgoing.writeHead(answer.status, answer.headers).end(answer.body)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url(): string {
      const url = new URL(target())
      url.port = String(portOf(server.address()))
      return url.href
    },
    /** Resolves when it has sprung; false when nothing came by in time, and then it is gone. */
    async set(next: Trap, msMax: number): Promise<boolean> {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      trap = { trap: next, sprung: () => resolve(true) }
      const late = sleep(msMax).then(() => false)
      const isSprung = await Promise.race([promise, late])
      trap = null
      return isSprung
    },
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type FaultProxy = Awaited<ReturnType<typeof createFaultProxy>>

/** Sends on; a body shorter than announced ends in a cut connection and has no answer. */
function forward(upstream: Upstream, incoming: IncomingMessage, body: Buffer, announced: number) {
  const url = new URL(incoming.url ?? '/', upstream.target())
  const { 'transfer-encoding': _chunked, ...headers } = incoming.headers
  return new Promise<Answer | null>((resolve, reject) => {
    const outgoing = request(url, {
      agent: upstream.agent,
      method: incoming.method,
      headers: { ...headers, host: url.host, 'content-length': String(announced) },
    })
    outgoing.once('response', (response) => {
      const { 'transfer-encoding': _, connection: __, ...kept } = response.headers
      bytesOf(response).then(
        (bytes) => resolve({ status: response.statusCode ?? 502, headers: kept, body: bytes }),
        reject,
      )
    })
    outgoing.once('error', (error) => (body.length < announced ? resolve(null) : reject(error)))
    if (body.length === announced) return void outgoing.end(body)
    outgoing.write(body, () => setTimeout(() => outgoing.destroy(), CUT_AFTER_MS))
  })
}

/** The beginning of what is asked, with its rows or without. */
function statementOf(incoming: IncomingMessage, body: Buffer): string {
  const query = new URL(incoming.url ?? '/', 'http://proxy').searchParams.get('query')
  return query ?? body.toString('utf8', 0, STATEMENT_BYTES_MAX)
}

/** The table an insert names; null where the statement is another. */
export function insertedTable(statement: string): string | null {
  return /^\s*insert into\s+(?:`?\w+`?\.)?`?(\w+)`?/i.exec(statement)?.[1] ?? null
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return address.port
}
