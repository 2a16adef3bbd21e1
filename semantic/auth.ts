/** The short-lived token that core-api signs from a session. Both have the same secret. */
import { jwtVerify } from 'jose'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Claims } from './access.ts'
import { Problem } from './problem.ts'

const ISSUER = 'tributary'
const AUDIENCE = 'semantic'

const ClaimsSchema = Type.Object({
  sub: Type.String({ minLength: 1 }),
  role: Type.String({ minLength: 1 }),
  distributor_id: Type.Union([Type.String(), Type.Null()]),
})

/** The header as `Bearer <token>` or, from clients of Cube, the token alone. */
export async function claimsOf(header: string | undefined, secret: string): Promise<Claims> {
  const token = header?.replace(/^bearer\s+/i, '').trim()
  if (!token) throw new Problem(401, 'NO_TOKEN', 'An analytics token is needed')
  const payload = await verify(token, secret)
  if (!Value.Check(ClaimsSchema, payload)) {
    throw new Problem(401, 'INVALID_TOKEN', 'The analytics token does not say who asks')
  }
  return { sub: payload.sub, role: payload.role, distributor_id: payload.distributor_id }
}

async function verify(token: string, secret: string): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp'],
    })
    return payload
  } catch (cause) {
    throw new Problem(401, 'INVALID_TOKEN', 'The analytics token is not valid or has expired', {
      cause,
    })
  }
}
