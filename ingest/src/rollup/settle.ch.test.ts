import { randomBytes } from 'node:crypto'
import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { settleParts } from './settle.ts'

const database = `settle_${randomBytes(4).toString('hex')}`
let client: ClickHouseClient

beforeAll(async () => {
  const admin = createClient({ url: inject('clickhouseUrl') })
  await admin.command({ query: `create database ${database}` })
  await admin.close()
  client = createClient({
    url: inject('clickhouseUrl'),
    database,
    clickhouse_settings: { mutations_sync: '1' },
  })
  await client.command({
    query: `
      create table ledger (
        id Int64, day Date, cents Int64,
        projection by_day (select day, sum(cents) group by day)
      ) engine = MergeTree order by id
      settings materialize_projections_on_insert = 0, materialize_projections_on_merge = 1`,
  })
  await client.command({ query: 'system stop merges ledger' })
})
afterAll(async () => {
  await client.command({ query: `drop database ${database}` })
  await client.close()
})

test('a large part gets what it lacks, once, and the sums stay what they were', async () => {
  await fill(150_000)
  await client.command({ query: 'system start merges ledger' })
  const before = await sums()
  expect(await settleParts(client)).toEqual([{ table: 'ledger', projection: 'by_day' }])
  const after = await sums()
  expect(after.days).toEqual(before.days)
  expect(after.read).toBeLessThan(before.read / 100)
  expect(await settleParts(client)).toEqual([])
})

test('small parts are left to merges', async () => {
  await client.command({ query: 'system stop merges ledger' })
  await fill(1_000)
  expect(await settleParts(client)).toEqual([])
})

async function fill(rows: number) {
  await client.command({
    query: `insert into ledger select number, toDate('2026-01-01') + number % 50, number from numbers(${rows})`,
  })
}

async function sums() {
  const result = await client.query({
    query: 'select day, toString(sum(cents)) as cents from ledger group by day order by day',
    format: 'JSON',
  })
  const { data, statistics } = await result.json()
  return { days: data, read: statistics?.rows_read ?? 0 }
}
