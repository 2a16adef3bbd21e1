import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloneDatabase, type Database } from '../../test/database.ts'
import { cuttable, type Wire } from '../../test/wire.ts'
import { connect, disconnect, isConnectionLost, type Sql, transact } from './postgres.ts'

const WORKERS = 24
const CUTS = 20

let database: Database
let wire: Wire
let sql: Sql

beforeAll(async () => {
  database = await cloneDatabase()
  wire = await cuttable(Number(new URL(database.url).port))
  const through = new URL(database.url)
  through.port = String(wire.port)
  sql = connect(through.href)
})

afterAll(async () => {
  await disconnect(sql)
  wire.server.close()
  wire.cut()
  await database.drop()
})

test('connections cut in the middle of transactions: each ends, none half done, and the pool lives on', async () => {
  let isOver = false
  let acknowledged = 0
  let lost = 0
  const workers = Array.from({ length: WORKERS }, async (_, worker) => {
    for (let turn = 0; !isOver; turn += 1) {
      try {
        // Two rows in one transaction: one without the other would be half of it.
        await transact(sql, async (transaction) => {
          const code = `${worker}-${turn}`
          await Promise.all([
            transaction`insert into warehouse (code, name) values (${`${code}-a`}, 'a')`,
            transaction`select ${[worker]}::bigint[] as ids`,
          ])
          await transaction`insert into warehouse (code, name) values (${`${code}-b`}, 'b')`
        })
        acknowledged += 1
      } catch (error) {
        if (!isConnectionLost(error)) throw error
        lost += 1
        await sleep(10)
      }
    }
  })
  for (let cut = 0; cut < CUTS; cut += 1) {
    await sleep(100 + (cut % 5) * 40)
    wire.isDown = cut % 2 === 0
    wire.cut()
    await sleep((cut % 4) * 30)
    wire.isDown = false
  }
  await sleep(500)
  isOver = true
  await Promise.all(workers)

  expect(lost).toBeGreaterThan(0)
  const [count] = await database.owner<[{ first: number; second: number; halves: number }]>`
    select count(*) filter (where name = 'a') as first, count(*) filter (where name = 'b') as second,
      count(*) filter (where not exists (
        select from warehouse as other
        where other.code = left(warehouse.code, -1) || case warehouse.name when 'a' then 'b' else 'a' end
      )) as halves
    from warehouse
  `
  expect(count.halves).toBe(0)
  expect(count.first).toBe(count.second)
  // A commit whose answer was lost is there and was not acknowledged; never the other way round.
  expect(count.first).toBeGreaterThanOrEqual(acknowledged)
})

test('a transaction that failed is rolled back, and its connection serves the next one', async () => {
  const failed = transact(sql, async (transaction) => {
    await transaction`insert into warehouse (code, name) values ('rolled-back', 'x')`
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  expect(await sql`select 1 from warehouse where code = 'rolled-back'`).toHaveLength(0)
})

test('arrays go out and come back as they are', async () => {
  const texts = ['plain', 'with "quotes"', 'back\\slash', '{braces},comma', '', 'null', null]
  const ids = [1, 2 ** 53 - 1]
  const rows = await sql`
    select ordinality as place, item from unnest(${texts}::text[]) with ordinality as list (item, ordinality)
  `
  expect(rows.map((row) => row['item'])).toEqual(texts)
  const [row] = await sql`select ${ids}::bigint[] as ids, '{}'::bigint[] as none`
  expect(row).toEqual({ ids, none: [] })
})
