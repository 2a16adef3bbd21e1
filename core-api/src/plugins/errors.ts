/** Every error leaves as a problem document; what is a bug leaves without its details, and is logged. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { busy, fromDatabase } from '../lib/database-refusal.ts'
import { Refusal } from '../lib/refusal.ts'
import type { FieldError, Problem } from '../lib/schema.ts'

const FIELD_ERRORS_MAX = 20

export function addErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      new Refusal(
        404,
        'NOT_FOUND',
        'There is no such address',
        `${request.method} ${request.url.slice(0, 200)}`,
      ),
    ),
  )

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal.status >= 500) request.log.error({ err: error }, 'request failed')
    return send(reply, refusal)
  })
}

/** What the router refuses before there is a route: an address it cannot decode, or far too long. */
export function refuseAddress(error: FastifyError, _: FastifyRequest, reply: FastifyReply): void {
  void send(reply, refusalOf(error))
}

export function toProblem(refusal: Refusal): Problem {
  const { errors, short } = refusal.extension
  return {
    type: `urn:tributary:problem:${refusal.code.toLowerCase().replaceAll('_', '-')}`,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.message,
    code: refusal.code,
    ...(errors === undefined ? {} : { errors }),
    ...(short === undefined ? {} : { short }),
  }
}

function send(reply: FastifyReply, refusal: Refusal) {
  const { retryAfterSeconds } = refusal.extension
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  return reply.code(refusal.status).type('application/problem+json').send(toProblem(refusal))
}

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error
  if (error.validation !== undefined) return invalidRequest(error)

  if (error.code === 'FST_ERR_HANDLER_TIMEOUT') return busy()
  const fromPostgres = fromDatabase(error)
  if (fromPostgres !== undefined) return fromPostgres

  const status = error.statusCode ?? 500
  // Fastify's own refusals: a body that is no JSON, too long, of another type.
  if (status >= 400 && status < 500) {
    return new Refusal(status, 'BAD_REQUEST', 'The request cannot be read', error.message)
  }
  return new Refusal(500, 'INTERNAL', 'Something broke on our side')
}

function invalidRequest(error: FastifyError): Refusal {
  const context = error.validationContext ?? 'body'
  const errors = (error.validation ?? [])
    // A field that is not allowed is reported twice; the other report names the rule.
    .filter(({ keyword }) => keyword !== 'boolean')
    .flatMap(({ instancePath, params, message }) => {
      const at = instancePath.slice(1)
      const names = namesIn(params)
      const fields =
        names.length > 0 ? names.map((name) => (at === '' ? name : `${at}/${name}`)) : [at]
      return fields.map((field) => ({
        field: field || context,
        message: message ?? 'is not valid',
      }))
    })
    .slice(0, FIELD_ERRORS_MAX)
  const first: FieldError = errors[0] ?? { field: context, message: error.message }
  return new Refusal(
    400,
    'VALIDATION',
    'The request is not valid',
    `${first.field} ${first.message}`,
    { errors },
  )
}

/** The names of missing or unknown fields, which the path of the error does not hold. */
function namesIn(params: Record<string, unknown>): string[] {
  const names = params['requiredProperties'] ?? params['additionalProperties']
  return Array.isArray(names) ? names.map(String) : []
}
