/** The HTTP side: Cube's REST paths `load` and `meta`, and `batch` for a whole dashboard in one call. */
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { scopeOf } from './access.ts'
import type { Answer, Answers } from './answer.ts'
import { claimsOf } from './auth.ts'
import { answerBatch, parseBatch } from './batch.ts'
import { metricsOf } from './metrics.ts'
import { documentOf, Problem, problemOf } from './problem.ts'
import { parseQuery } from './query.ts'
import { createRounds } from './rounds.ts'
import type { Checkpoint } from './watermark.ts'

export type Parts = {
  answers: Answers
  checkpoint: () => Promise<Checkpoint | null>
  ping: () => Promise<void>
  secret: string
  logLevel: string
}

const BODY_BYTES_MAX = 1024 * 1024

const LoadBody = Type.Object({ query: Type.Unknown(), queryType: Type.Optional(Type.String()) })

export function createApp({ answers, checkpoint, ping, secret, logLevel }: Parts): FastifyInstance {
  const app = Fastify({
    // stdout stays free for those who script against the process.
    logger: { level: logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    // A keep-alive connection of the web process must not hold up a stop.
    forceCloseConnections: true,
  })

  const rounds = createRounds<string>()

  app.setErrorHandler((error, _request, reply) => {
    const problem = fromFastify(error)
    if (problem.status >= 500) app.log.error({ err: error, cause: problem.cause }, problem.message)
    if (problem.retry_after_s) reply.header('retry-after', problem.retry_after_s)
    return reply.code(problem.status).type('application/problem+json').send(documentOf(problem))
  })
  app.setNotFoundHandler((request, reply) => {
    const problem = new Problem(
      404,
      'NOT_FOUND',
      `There is no ${request.method} ${request.url.split('?')[0]}`,
    )
    return reply.code(404).type('application/problem+json').send(documentOf(problem))
  })

  async function load(request: FastifyRequest, reply: FastifyReply, input: unknown) {
    const { scope, asker } = await authenticate(request, secret)
    const { query, queryType } = parseLoad(input)
    const asking = { asker, signal: leaving(reply) }
    const standing = checkpoint()
    // A question that is refused does not wait to hear of it.
    standing.catch(() => {})
    const answer = await answers.answer(parseQuery(query), scope, standing, asking)
    return loadBody(answer, queryType)
  }

  app.get('/health', async () => {
    await ping()
    return { status: 'ok' }
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(metricsOf(answers)),
  )
  app.get('/cubejs-api/v1/meta', async (request) => {
    const { scope } = await authenticate(request, secret)
    return { cubes: answers.views(scope) }
  })
  app.get('/cubejs-api/v1/load', (request, reply) => load(request, reply, request.query))
  app.post('/cubejs-api/v1/load', (request, reply) => load(request, reply, request.body))
  app.post('/batch', async (request, reply) => {
    const { scope, asker } = await authenticate(request, secret)
    const queries = parseBatch(request.body)
    const text = await rounds(
      JSON.stringify([scope, queries]),
      async (signal) => {
        const asking = { asker, signal }
        const at = await checkpoint()
        const results = await answerBatch(answers, scope, at, queries, asking, app.log)
        return JSON.stringify({ results })
      },
      leaving(reply),
    )
    return reply.type('application/json').send(text)
  })
  return app
}

async function authenticate(request: FastifyRequest, secret: string) {
  const claims = await claimsOf(request.headers.authorization, secret)
  return { scope: scopeOf(claims), asker: claims.sub }
}

/** Aborts when the connection closes before the answer is through it. */
function leaving(reply: FastifyReply) {
  const control = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) control.abort()
  })
  return control.signal
}

function parseLoad(input: unknown) {
  if (!Value.Check(LoadBody, input)) throw new Problem(400, 'INVALID_QUERY', 'A query is needed')
  return input
}

/** As Cube answers: several results for a client that says it can read them, else the one. */
function loadBody({ loaded, watermark, cost }: Answer, queryType: string | undefined) {
  if (queryType === 'multi') {
    return {
      queryType: loaded.queryType,
      pivotQuery: loaded.pivotQuery,
      results: loaded.results.map((result) => ({ ...result, watermark, cost })),
      slowQuery: false,
      watermark,
      cost,
    }
  }
  const [result, ...others] = loaded.results
  if (others.length > 0) {
    throw new Problem(400, 'INVALID_QUERY', 'A comparison of periods needs queryType=multi')
  }
  return { ...result, watermark, cost }
}

/** Fastify's own refusals (a body that is no JSON, too large) keep their status. */
function fromFastify(error: unknown): Problem {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    const code = error.statusCode === 413 ? 'TOO_LARGE' : 'INVALID_REQUEST'
    if (error.statusCode < 500) return new Problem(error.statusCode, code, error.message)
  }
  return problemOf(error)
}
