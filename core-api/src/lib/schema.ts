/** The words every slice's schema is made of. */
import Type, { type Static, type TSchema } from 'typebox'

/** No record has more: a number of JSON stays exact. */
const ID_MAX = Number.MAX_SAFE_INTEGER
/** Ten trillion yuan: far below where sums of many such amounts leave 64 bits. */
export const CENTS_MAX = 10n ** 15n
const PAGE_ROWS_MAX = 500
const PAGE_ROWS = 100

export const Id = Type.Integer({ minimum: 1, maximum: ID_MAX })

/** An amount in minor units. A string, because it may pass 2^53. */
export const Cents = Type.String({
  pattern: '^-?[0-9]+$',
  description: 'Minor units of the currency',
})

/** An amount in a request: integer or string of digits, never a fraction, never negative. */
export const CentsInput = Type.Union(
  [
    Type.Integer({ minimum: 0, maximum: Number(CENTS_MAX) }),
    Type.String({ pattern: '^[0-9]{1,16}$', maxLength: 16 }),
  ],
  { description: 'Minor units of the currency, as an integer or a string of digits' },
)

export const Timestamp = Type.String({ format: 'date-time' })

export const BusinessDay = Type.String({ format: 'date' })

export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** Text that Postgres can keep: no NUL. */
export function Text(lengthMax: number, lengthMin = 1) {
  return Type.String({
    minLength: lengthMin,
    maxLength: lengthMax,
    pattern: '^[^\\u0000]*$',
  })
}

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ROWS_MAX, default: PAGE_ROWS })),
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: ID_MAX })),
  },
  { additionalProperties: false },
)

export type PageQuery = { limit: number; after: number }

export function pageOf({ limit = PAGE_ROWS, after = 0 }: Partial<PageQuery>): PageQuery {
  return { limit, after }
}

/** `next` is the `after` of the next page, null on the last one. */
export function Page<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), next: Nullable(Type.Integer()) })
}

/** A page that came back full may have a successor. */
export function toPage<T extends { id: number }>(items: T[], limit: number) {
  return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null }
}

export const FieldError = Type.Object({ field: Type.String(), message: Type.String() })

export const ShortLine = Type.Object({
  sku_id: Id,
  sku: Type.String(),
  wanted: Type.Integer(),
  available: Type.Integer(),
})

/** RFC 9457. `code` is stable; the words may change. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  errors: Type.Optional(Type.Array(FieldError)),
  short: Type.Optional(Type.Array(ShortLine)),
})

export type FieldError = Static<typeof FieldError>
export type ShortLine = Static<typeof ShortLine>
export type Problem = Static<typeof Problem>

export const IdParams = Type.Object({ id: Id })

/** A client that repeats a write with the same key gets the first answer again. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' }),
  ),
})
