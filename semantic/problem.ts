/** What a client is told when a question cannot be answered: RFC 9457, with a code that does not change. */
export type ProblemDocument = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  /** The detail again: clients of Cube look for it under this name. */
  error: string
  errors?: FieldError[]
  /** When it is worth asking again. */
  retry_after_s?: number
}

export type FieldError = { field: string; message: string }

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  413: 'Too large',
  422: 'Too much to answer',
  499: 'Client gone',
  500: 'Internal error',
  503: 'Unavailable',
  504: 'Took too long',
}

export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[] | undefined
  readonly retry_after_s: number | undefined

  constructor(
    status: number,
    code: string,
    detail: string,
    options: { errors?: FieldError[]; cause?: unknown; retry_after_s?: number } = {},
  ) {
    super(detail, { cause: options.cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.errors = options.errors
    this.retry_after_s = options.retry_after_s
  }
}

export function documentOf(problem: Problem): ProblemDocument {
  return {
    type: 'about:blank',
    title: TITLES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    error: problem.message,
    ...(problem.errors && { errors: problem.errors }),
    ...(problem.retry_after_s && { retry_after_s: problem.retry_after_s }),
  }
}

/** Whatever was thrown, as something that may be shown; what was not foreseen shows nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(500, 'INTERNAL', 'The question could not be answered. The log says why.', {
    cause: error,
  })
}
