import Type, { type Static } from 'typebox'
import { Id, Nullable } from '../lib/schema.ts'

export const Customer = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  segment: Nullable(Type.String()),
  country: Nullable(Type.String()),
  region: Nullable(Type.String()),
  city: Nullable(Type.String()),
  distributor_id: Nullable(Id),
})

export type Customer = Static<typeof Customer>
