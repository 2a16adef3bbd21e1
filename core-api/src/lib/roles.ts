import Type, { type Static } from 'typebox'

export const Role = Type.Union([
  Type.Literal('admin'),
  Type.Literal('executive'),
  Type.Literal('analyst'),
  Type.Literal('operations'),
  Type.Literal('warehouse'),
  Type.Literal('distributor'),
])
export type Role = Static<typeof Role>

export const STAFF = ['admin', 'executive', 'analyst', 'operations', 'warehouse'] as const
/** Who moves goods and answers for them. */
export const FLOOR = ['admin', 'operations', 'warehouse'] as const
export const EVERYONE = [...STAFF, 'distributor'] as const
export const PUBLIC = 'public' as const

/** Who may call a route. There is no default: a route that does not say it is a bug found at start. */
export type Access = readonly Role[] | typeof PUBLIC
