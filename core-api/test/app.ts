/** The application over its own database, one per test file, and somebody to call it as. */
import { randomBytes } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { Value } from 'typebox/value'
import { afterAll } from 'vitest'
import { buildApp } from '../src/app.ts'
import { insertSession, insertUser } from '../src/identity/queries.ts'
import type { Role } from '../src/lib/roles.ts'
import { Problem } from '../src/lib/schema.ts'
import { Order } from '../src/orders/schema.ts'
import { hashToken } from '../src/plugins/auth.ts'
import { cloneDatabase, type Database } from './database.ts'
import { createGiven, type Given } from './given.ts'

export const TOKEN_SECRET = 'a secret of thirty-two letters at least'

type App = Awaited<ReturnType<typeof buildApp>>
type Call = Pick<InjectOptions, 'method' | 'url' | 'payload' | 'headers'>
export type Answer = { status: number; body: unknown; headers: Record<string, unknown> }
export type Ask = (call: Call) => Promise<Answer>

export type World = {
  app: App
  database: Database
  given: Given
  /** Calls the API as staff of a role, or as the log-in of a distributor. */
  as(role: Role, distributorId?: number): Promise<Ask>
  /** The same in a session of its own. */
  logIn(role: Role, distributorId?: number): Promise<Ask>
  ask: Ask
}

let world: Promise<World> | undefined

afterAll(async () => {
  const { app, database } = (await world) ?? {}
  await app?.close()
  await database?.drop()
})

export async function withApp(work: (world: World) => Promise<void>): Promise<void> {
  world ??= open()
  await work(await world)
}

/** The order in an answer; anything else in it fails the test with the answer's own words. */
export function orderOf({ status, body }: Answer): Order {
  if (status !== 200 && status !== 201) throw new Error(JSON.stringify(body))
  return Value.Parse(Order, body)
}

/** The code of a problem document. */
export function codeOf({ body }: Answer): string {
  return Value.Parse(Problem, body).code
}

async function open(): Promise<World> {
  const database = await cloneDatabase()
  const app = await buildApp({ sql: database.core, tokenSecret: TOKEN_SECRET, logger: false })
  await app.ready()
  await database.owner`
    insert into instance (name, currency, time_zone)
    values ('Test', 'CNY', 'Asia/Shanghai')
  `
  const asks = new Map<string, Promise<Ask>>()
  return { app, database, given: createGiven(database.owner), as, logIn, ask: askWith(undefined) }

  function as(role: Role, distributorId?: number): Promise<Ask> {
    const key = `${role} ${distributorId ?? ''}`
    const known = asks.get(key) ?? logIn(role, distributorId)
    asks.set(key, known)
    return known
  }

  async function logIn(role: Role, distributorId?: number): Promise<Ask> {
    const name = `${role}-${randomBytes(4).toString('hex')}`
    const user = {
      login: name,
      name,
      role,
      passwordHash: 'none',
      distributorId: distributorId ?? null,
    }
    const userId = await insertUser(database.core, user)
    if (userId === undefined) throw new Error(`${name} exists already`)
    const token = randomBytes(32).toString('base64url')
    const expiresAt = new Date(Date.now() + 3_600_000 * 12)
    await insertSession(database.core, { tokenHash: hashToken(token), userId, expiresAt })
    return askWith(token)
  }

  function askWith(token: string | undefined): Ask {
    return async (call) => {
      const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const response = await app.inject({ ...call, headers: { ...authorization, ...call.headers } })
      const body: unknown = response.body === '' ? null : response.json()
      return { status: response.statusCode, body, headers: response.headers }
    }
  }
}
