import Type, { type Static } from 'typebox'
import { Role } from '../lib/roles.ts'
import { Id, Nullable, Text, Timestamp } from '../lib/schema.ts'

export const Credentials = Type.Object(
  { login: Text(200), password: Text(200) },
  { additionalProperties: false },
)

export const User = Type.Object({
  id: Id,
  login: Type.String(),
  name: Type.String(),
  role: Role,
  distributor_id: Nullable(Id),
  distributor_name: Nullable(Type.String()),
  locale: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
})

export const NewSession = Type.Object({ token: Type.String(), expires_at: Timestamp, user: User })

export const AnalyticsToken = Type.Object({ token: Type.String(), expires_at: Timestamp })

export const UserRow = Type.Object({ ...User.properties, password_hash: Type.String() })

export const SessionRow = Type.Object({
  ...User.properties,
  created_at: Timestamp,
  expires_at: Timestamp,
})

export type Credentials = Static<typeof Credentials>
export type User = Static<typeof User>
export type UserRow = Static<typeof UserRow>
export type SessionRow = Static<typeof SessionRow>
