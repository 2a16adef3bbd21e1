/**
 * One statement to ClickHouse and what it answers, over connections that are kept. Its client takes 1 ms longer for
 * each, as long as the engine needs for a small question, and two of them stand between a question and its answer.
 */
import { Agent, request, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { parseError } from '@clickhouse/client'

const DATABASE = 'analytics'
const SILENCE_MS_MAX = 15_000

export type Answered = {
  meta: { name: string }[]
  data: unknown[][]
  rows_before_limit_at_least?: number
  statistics: { rows_read: number; bytes_read: number }
}

export type Statement = {
  sql: string
  /** Stand in the statement as `{p0:String}`, `{p1:String}`, … */
  values: readonly string[]
  settings: Readonly<Record<string, string | number>>
  signal?: AbortSignal | undefined
}

export type Wire = {
  /** Throws what ClickHouse said, with its number as `code`; or what became of the connection. */
  ask(statement: Statement): Promise<Answered>
  close(): void
}

/** The address may name another database: tests have one each. */
export function createWire(address: string, sockets: number): Wire {
  const to = new URL(address)
  const isSecure = to.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: sockets }
  const agent = isSecure ? new SecureAgent(options) : new Agent(options)
  const post = isSecure ? secureRequest : request
  const user = decodeURIComponent(to.username) || 'default'
  const password = decodeURIComponent(to.password)
  const connection = {
    agent,
    method: 'POST',
    host: to.hostname.replace(/^\[|\]$/g, ''),
    port: to.port,
    timeout: SILENCE_MS_MAX,
  }
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    'user-agent': 'tributary-semantic',
  }
  const always = { database: to.pathname.slice(1) || DATABASE, default_format: 'JSONCompact' }

  function send(path: string, body: Buffer, signal: AbortSignal | undefined) {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const sent = post({
        ...connection,
        path,
        headers: { ...headers, 'content-length': body.length },
        ...(signal && { signal }),
      })
      sent.once('response', resolve)
      sent.once('timeout', () => sent.destroy(new Error('ClickHouse has been silent for too long')))
      sent.once('error', (error) => {
        // Only a connection that was closed while nobody used it: nothing is written, so it may be asked again.
        if (sent.reusedSocket && isReset(error) && !signal?.aborted) {
          resolve(send(path, body, signal))
        } else reject(error)
      })
      sent.end(body)
    })
  }

  async function ask({ sql, values, settings, signal }: Statement) {
    const path = `/?${parametersOf({ ...always, ...settings }, values)}`
    const response = await send(path, Buffer.from(sql), signal)
    const { said, broken } = await readAll(response)
    if (response.statusCode === 200 && broken === null) return rowsOf(said)
    throw errorIn(said) ?? broken ?? parseError(said)
  }

  return { ask, close: () => agent.destroy() }
}

function parametersOf(settings: Statement['settings'], values: readonly string[]) {
  const parameters = Object.entries(settings).map(([name, value]) => `${name}=${encoded(value)}`)
  for (const [index, value] of values.entries()) {
    parameters.push(`param_p${index}=${encoded(escaped(value))}`)
  }
  return parameters.join('&')
}

function encoded(value: string | number) {
  return encodeURIComponent(value)
}

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  "'": "\\'",
  '\0': '\\0',
}

/** A parameter is read as a field of a TSV file. */
function escaped(value: string) {
  // oxlint-disable-next-line no-control-regex
  return value.replace(/[\\\t\n\r'\0]/g, (character) => ESCAPES[character] ?? character)
}

/** What came until the end, or until the connection broke. */
async function readAll(response: IncomingMessage) {
  const chunks: Buffer[] = []
  let broken: Error | null = null
  try {
    for await (const chunk of response) chunks.push(chunk)
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error))
  }
  return { said: Buffer.concat(chunks).toString('utf8'), broken }
}

function rowsOf(said: string): Answered {
  let answered: unknown
  try {
    answered = JSON.parse(said)
  } catch (cause) {
    throw errorIn(said) ?? new Error('ClickHouse answered no JSON', { cause })
  }
  if (!isAnswered(answered)) throw new Error('ClickHouse answered in an unknown shape')
  return answered
}

/** An error that comes after a head that said 200 stands behind the rows, and then the connection is cut. */
function errorIn(said: string): Error | null {
  const from = said.lastIndexOf('Code: ')
  const error = from < 0 ? null : parseError(said.slice(from))
  return error && 'code' in error ? error : null
}

/** Its rows are the engine's own; to look at each would cost more than to read them. */
function isAnswered(answered: unknown): answered is Answered {
  return (
    typeof answered === 'object' &&
    answered !== null &&
    'meta' in answered &&
    'statistics' in answered &&
    'data' in answered &&
    Array.isArray(answered.data)
  )
}

function isReset(error: Error) {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}
