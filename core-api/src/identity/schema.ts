import Type, { type Static } from 'typebox'
import { Role } from '../lib/roles.ts'
import { Id, Nullable, Text, Timestamp } from '../lib/schema.ts'

export const Credentials = Type.Object(
  { login: Text(200), password: Text(200) },
  { additionalProperties: false },
)

const Viewer = Type.Object({ id: Id, login: Type.String(), name: Type.String() })

const account = {
  id: Id,
  login: Type.String(),
  name: Type.String(),
  role: Role,
  distributor_id: Nullable(Id),
  distributor_name: Nullable(Type.String()),
  locale: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
}

export const User = Type.Object({
  ...account,
  /** The administrator who looks on as this distributor; null for everybody's own session. */
  viewed_by: Nullable(Viewer),
})

export const NewSession = Type.Object({ token: Type.String(), expires_at: Timestamp, user: User })

export const AnalyticsToken = Type.Object({ token: Type.String(), expires_at: Timestamp })

export const UserRow = Type.Object({ ...account, password_hash: Type.String() })

export const SessionRow = Type.Object({
  ...account,
  view_as_distributor_id: Nullable(Id),
  view_as_distributor_name: Nullable(Type.String()),
  created_at: Timestamp,
  expires_at: Timestamp,
})

const Account = Type.Object(account)

export const StartViewAs = Type.Object(
  { distributor_id: Id, reason: Text(500, 3) },
  { additionalProperties: false },
)

export type Account = Static<typeof Account>
export type StartViewAs = Static<typeof StartViewAs>
export type Credentials = Static<typeof Credentials>
export type User = Static<typeof User>
export type UserRow = Static<typeof UserRow>
export type SessionRow = Static<typeof SessionRow>
