/**
 * A write with an `Idempotency-Key` happens once: the answer is kept in the transaction that did the
 * work, and given again to whoever repeats the request. What was refused changed nothing, so it is not
 * kept and may be tried again with the same key.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type Queryable, type Sql, transact } from './postgres.ts'
import { Refusal } from './refusal.ts'
import { userOf } from './session.ts'

type Known = { request_hash: Buffer; response: unknown }

export async function once<S extends TSchema>(
  sql: Sql,
  request: FastifyRequest,
  answer: S,
  work: (transaction: Queryable) => Promise<Static<S>>,
  isWorthRetrying?: (error: unknown) => boolean,
): Promise<Static<S>> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return transact(sql, work, isWorthRetrying)

  const userId = userOf(request).id
  const hash = hashRequest(request)
  const workOnce = async (transaction: Queryable): Promise<Static<S>> => {
    const known = await lockKey(transaction, userId, key)
    if (known !== undefined) return replay(known, hash, answer)

    const body = await work(transaction)
    await transaction`
      insert into idempotency_key (user_id, key, request_hash, response)
      values (${userId}, ${key}, ${hash}, ${transaction.json(toJson(body))})
    `
    return body
  }
  return transact(sql, workOnce, isWorthRetrying)
}

export async function deleteOldKeys(sql: Queryable, hours: number, limit: number): Promise<number> {
  const { count } = await sql`
    delete from idempotency_key
    where (user_id, key) in (
      select user_id, key
      from idempotency_key
      where created_at < now() - make_interval(hours => ${hours})
      limit ${limit}
    )
  `
  return count
}

/** The lock ends with the transaction, so a request that died holds nobody up. */
async function lockKey(transaction: Queryable, userId: number, key: string) {
  const [[lock], [known]] = await Promise.all([
    transaction<[{ is_locked: boolean }]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`${userId}:${key}`}, 0)) as is_locked
    `,
    transaction<[Known?]>`
      select request_hash, response
      from idempotency_key
      where user_id = ${userId} and key = ${key}
    `,
  ])
  if (!lock.is_locked) {
    throw new Refusal(
      409,
      'IDEMPOTENCY_IN_FLIGHT',
      'The first request with this key is not finished yet',
      'The first request with this key is not finished yet; ask again for its answer',
      { retryAfterSeconds: 1 },
    )
  }
  return known
}

function replay<S extends TSchema>(known: Known, hash: Buffer, answer: S): Static<S> {
  if (!known.request_hash.equals(hash)) {
    throw new Refusal(
      422,
      'IDEMPOTENCY_MISMATCH',
      'This key was used for another request',
      'The Idempotency-Key belongs to a request with another address or body; use a new key',
    )
  }
  return Value.Parse(answer, known.response)
}

function hashRequest({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${method} ${url} ${JSON.stringify(sorted(body))}`)
    .digest()
}

/** The same fields in another order are the same request. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}

function toJson(body: unknown) {
  return JSON.parse(JSON.stringify(body))
}
