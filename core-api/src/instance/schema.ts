import Type, { type Static } from 'typebox'
import { Nullable } from '../lib/schema.ts'

export const Instance = Type.Object({
  name: Type.String(),
  currency: Type.String(),
  minor_digits: Type.Integer(),
  time_zone: Type.String(),
  demo: Nullable(Type.Record(Type.String(), Type.Unknown())),
})
export type Instance = Static<typeof Instance>
