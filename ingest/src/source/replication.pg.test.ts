import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Piece } from '../change.ts'
import { valuesOf } from '../row.ts'
import { openReplicationConnection, startReplication } from './replication.ts'
import { createSlot, dropSlot } from './slot.ts'

const SLOT = `t_${randomBytes(4).toString('hex')}`
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

test('of two commits without a byte between them, acknowledging the first does not lose the second', async () => {
  const [first, second] = [await sql.reserve(), await sql.reserve()]
  for (const [session, code] of [
    [first, 'first'],
    [second, 'second'],
  ] as const) {
    await session.unsafe('begin')
    await session`insert into product (code, name) values (${code}, ${code})`
  }
  await first.unsafe('commit')
  await second.unsafe('commit')
  first.release()
  second.release()

  const pieces = await receive(0n, 2, ([one]) => one?.endLsn ?? 0n)
  const [one, other] = pieces
  expect(other?.commitLsn).toBe(one?.endLsn)

  const again = await receive(one?.endLsn ?? 0n, 1, ([piece]) => piece?.endLsn ?? 0n)
  expect(
    again.map((piece) => piece.changes.map((change) => 'row' in change && valuesOf(change.row)[1])),
  ).toEqual([['second']])
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
