/**
 * Sends one statement with its rows and waits until ClickHouse has done it. A small insert is in a table sooner so
 * than through the client, which sends head and rows apart and takes longer than a null engine to store them.
 */
import { Agent, request, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { text as textOf } from 'node:stream/consumers'
import { parseError, type ClickHouseSettings } from '@clickhouse/client'

export type Statement = {
  query: string
  queryId: string
  settings: ClickHouseSettings
  rows: Buffer[]
}

export type Post = {
  /** Throws what ClickHouse said, with its number as `code`; or what became of the connection. */
  send(statement: Statement): Promise<void>
  close(): void
}

type Options = {
  /** Its path is a database, as the client has it, and goes before the other. */
  url: string | URL
  database: string
  maxConnections: number
  timeoutMs: number
}

export function createPost({ url, database, maxConnections, timeoutMs }: Options): Post {
  const to = new URL(url)
  const isSecure = to.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: maxConnections }
  const agent = isSecure ? new SecureAgent(options) : new Agent(options)
  const ask = isSecure ? secureRequest : request
  const user = decodeURIComponent(to.username)
  const password = decodeURIComponent(to.password)
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  }

  async function send({ query, queryId, settings, rows }: Statement) {
    const body = rows.length === 1 && rows[0] ? rows[0] : Buffer.concat(rows)
    const address = new URL('/', to)
    address.username = address.password = ''
    for (const [name, value] of Object.entries(settings))
      address.searchParams.set(name, String(value))
    address.searchParams.set('database', to.pathname.slice(1) || database)
    address.searchParams.set('query_id', queryId)
    address.searchParams.set('query', query)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = ask(address, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-length': body.length },
        signal: AbortSignal.timeout(timeoutMs),
      })
      outgoing.once('response', resolve).once('error', reject)
      outgoing.end(body)
    })
    const said = await textOf(response)
    // An insert has nothing to say: words after a head that said 200 are an error that came later.
    if (response.statusCode !== 200 || said !== '') throw parseError(said)
  }

  return { send, close: () => agent.destroy() }
}
