import { randomBytes } from 'node:crypto'
import type { ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { foundCompany } from './company.ts'
import { fillLedgers } from './facts.ts'
import { DAYS } from './orders.ts'
import { lastEvening } from './setting.ts'
import { createDatabase } from './stack.ts'
import { countFacts } from './tables.ts'

const ROWS = 60_000
const FILL_MS_MAX = 120_000

const database = `tiles_${randomBytes(4).toString('hex')}`
const now = lastEvening(new Date())
let client: ClickHouseClient

beforeAll(async () => {
  client = await createDatabase({ url: () => inject('clickhouseUrl') }, database)
  await foundCompany(client, new Date(now.getTime() - DAYS * 86_400_000))
  await fillLedgers(client, { rows: ROWS, seed: 7, now })
}, FILL_MS_MAX)

afterAll(async () => {
  await client.command({ query: `drop database ${database}` })
  await client.close()
})

async function first(query: string) {
  const result = await client.query({ query, format: 'JSONCompactStringsEachRow' })
  const [row = []] = await result.json<string[]>()
  return row
}

test('the books of every order balance, and every order was paid once', async () => {
  expect(
    await first(`
      select max(abs(off)), min(paid), max(paid)
      from (
        select order_id, sum(amount_cents) as off, countIf(account = 'cash' and kind = 'sale') as paid
        from journal_entry
        group by order_id
      )
    `),
  ).toEqual(['0', '1', '1'])
})

test('no shelf holds less than nothing, and cost in stock is cost in the books', async () => {
  const [least] = await first(`
    select min(on_hand - greatest(reserved, 0))
    from (
      select sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved
      from stock_move
      group by sku_id, warehouse_id
    )
  `)
  expect(Number(least)).toBeGreaterThanOrEqual(0)
  const [booked] = await first("select sum(amount_cents) from journal_entry where account = 'cogs'")
  const [moved] = await first("select -sum(value_delta_cents) from stock_move where kind = 'issue'")
  expect(booked).toBe(moved)
})

test('commission earned is commission booked', async () => {
  const [earned] = await first(
    "select sum(amount_cents) from commission_entry where kind = 'accrue'",
  )
  const [booked] = await first(
    "select sum(amount_cents) from journal_entry where account = 'commission'",
  )
  expect(earned).toBe(booked)
})

test('the tail is long: a tenth of the skus sells most, and most skus sell', async () => {
  const [share, sold] = await first(`
    select sumIf(units, rank <= 500) / sum(units), count()
    from (
      select sku_id, sum(quantity) as units, row_number() over (order by units desc) as rank
      from journal_entry
      where account = 'sales'
      group by sku_id
    )
  `)
  expect(Number(share)).toBeGreaterThan(0.5)
  expect(Number(sold)).toBeGreaterThan(500)
})

test('about as many facts as were asked for, none of them in the future', async () => {
  const { rows } = await countFacts(client)
  expect(rows).toBeGreaterThan(ROWS * 0.7)
  expect(rows).toBeLessThan(ROWS * 1.5)
  const [late] = await first(
    `select countIf(at > toDateTime(${Math.floor(now.getTime() / 1000)}, 'UTC')) from journal_entry`,
  )
  expect(late).toBe('0')
})
