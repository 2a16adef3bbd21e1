import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Piece } from '../change.ts'
import { valuesOf } from '../row.ts'
import { openReplicationConnection, startReplication } from './replication.ts'
import { createSlot, dropSlot } from './slot.ts'

const SLOT = `t_${randomBytes(4).toString('hex')}`
const ATTEMPTS_MAX = 5
const database = SLOT
let sql: postgres.Sql
let url: string

beforeAll(async () => {
  const base = new URL(inject('databaseUrl'))
  const owner = postgres(base.href, { max: 1, onnotice: () => {} })
  await owner`create database ${owner(database)} template ${owner(inject('templateDatabase'))}`
  await owner.end()
  base.pathname = `/${database}`
  url = base.href
  sql = postgres(url, { max: 4, onnotice: () => {} })
  const connection = openReplicationConnection(url)
  await createSlot(connection, SLOT)
  await connection.end({ timeout: 0 })
})

afterAll(async () => {
  await dropSlot(sql, SLOT)
  await sql.end()
})

/** Streams until `count` transactions with changes have come; acknowledges as `until` says, and leaves. */
async function receive(checkpoint: bigint, count: number, until: (pieces: Piece[]) => bigint) {
  const pieces: Piece[] = []
  const enough = Promise.withResolvers<void>()
  const replication = await startReplication(
    openReplicationConnection(url),
    { slot: SLOT, publications: ['tributary'], checkpoint },
    {
      onPieces(more) {
        pieces.push(...more.filter((piece) => piece.changes.length > 0))
        if (pieces.length >= count) enough.resolve()
      },
      onError: enough.reject,
    },
  )
  await enough.promise
  replication.acknowledge(until(pieces))
  await replication.close()
  return pieces
}

/** Two transactions whose commits are tried to be side by side: a background process may write between. */
async function commitTwo(attempt: number) {
  const [first, second] = [await sql.reserve(), await sql.reserve()]
  const codes = [`first-${attempt}`, `second-${attempt}`] as const
  for (const [session, code] of [
    [first, codes[0]],
    [second, codes[1]],
  ] as const) {
    await session.unsafe('begin')
    await session`insert into product (code, name) values (${code}, ${code})`
  }
  await first.unsafe('commit')
  await second.unsafe('commit')
  first.release()
  second.release()
  return codes[1]
}

test('of two commits without a byte between them, acknowledging the first does not lose the second', async () => {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const second = await commitTwo(attempt)
    const [one, other] = await receive(0n, 2, ([piece]) => piece?.endLsn ?? 0n)
    const again = await receive(one?.endLsn ?? 0n, 1, ([piece]) => piece?.endLsn ?? 0n)
    expect(
      again.map((piece) =>
        piece.changes.map((change) => 'row' in change && valuesOf(change.row)[1]),
      ),
    ).toEqual([[second]])
    if (other?.commitLsn === one?.endLsn) return
  }
  throw new Error(`no two of ${ATTEMPTS_MAX} pairs of commits lay side by side`)
})

/** Without where its bytes lie. */
function plain(piece: Piece) {
  const changes = piece.changes.map((change) =>
    'row' in change ? { ...change, row: valuesOf(change.row) } : change,
  )
  return { ...piece, changes }
}

test('what was not acknowledged comes again, with the same versions', async () => {
  await sql`insert into product (code, name) values ('third', 'third')`
  const [once] = await receive(0n, 1, () => 0n)
  const [again] = await receive(0n, 1, ([piece]) => piece?.endLsn ?? 0n)
  expect(again && plain(again)).toEqual(once && plain(once))
  expect(once?.changes).toMatchObject([{ kind: 'insert', seq: 1 }])
})
