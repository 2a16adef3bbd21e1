import Type, { type Static } from 'typebox'
import { Id, Nullable, Text, Timestamp } from '../lib/schema.ts'

const Status = Type.Union([
  Type.Literal('applied'),
  Type.Literal('active'),
  Type.Literal('suspended'),
  Type.Literal('terminated'),
])

export const Distributor = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  parent_id: Nullable(Id),
  /** Root first, the distributor itself last. */
  ancestor_ids: Type.Array(Id),
  depth: Type.Integer(),
  grade: Type.String(),
  region: Nullable(Type.String()),
  city: Nullable(Type.String()),
  status: Status,
  joined_at: Timestamp,
})

export const NewDistributor = Type.Object(
  {
    code: Text(64),
    name: Text(200),
    parent_id: Type.Optional(Nullable(Id)),
    grade: Type.Optional(Text(64)),
    region: Type.Optional(Nullable(Text(100))),
    city: Type.Optional(Nullable(Text(100))),
    status: Type.Optional(Status),
  },
  { additionalProperties: false },
)

export const DistributorChange = Type.Object(
  {
    parent_id: Type.Optional(Nullable(Id)),
    name: Type.Optional(Text(200)),
    status: Type.Optional(Status),
  },
  { additionalProperties: false, minProperties: 1 },
)

export type Distributor = Static<typeof Distributor>
export type NewDistributor = Static<typeof NewDistributor>
export type DistributorChange = Static<typeof DistributorChange>
