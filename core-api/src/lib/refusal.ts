/**
 * What a request may be refused with, as one kind of error: it carries the whole problem document,
 * and the error handler only sends it.
 */
import type { FieldError, ShortLine } from './schema.ts'

type Extension = { errors?: FieldError[]; short?: ShortLine[]; retryAfterSeconds?: number }

export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly extension: Extension

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string = title,
    extension: Extension = {},
  ) {
    super(detail)
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.title = title
    this.extension = extension
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, 'NOT_FOUND', 'There is no such record', `There is no such ${what}`)
}

export function forbidden(reason: string): Refusal {
  return new Refusal(403, 'FORBIDDEN', 'You may not do this', reason)
}

export function unknownReference(errors: FieldError[]): Refusal {
  const fields = errors.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return new Refusal(422, 'UNKNOWN_REFERENCE', 'A record that was named does not exist', fields, {
    errors,
  })
}

export function invalid(field: string, message: string): Refusal {
  return new Refusal(422, 'INVALID', 'The request contradicts itself', `${field}: ${message}`, {
    errors: [{ field, message }],
  })
}
