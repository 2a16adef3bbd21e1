import Type, { type Static } from 'typebox'
import { Id, Nullable, Text } from '../lib/schema.ts'

/** Nobody types more before looking at what was found. */
const WORDS_LENGTH_MAX = 80

export const FindQuery = Type.Object({ q: Text(WORDS_LENGTH_MAX) }, { additionalProperties: false })

export const Found = Type.Object({
  kind: Type.Union([
    Type.Literal('order'),
    Type.Literal('distributor'),
    Type.Literal('product'),
    Type.Literal('customer'),
  ]),
  id: Id,
  name: Type.String(),
  detail: Nullable(Type.String({ description: 'What tells it from others of the same name' })),
})

export type Found = Static<typeof Found>
