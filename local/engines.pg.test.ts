import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { expect, inject, test } from 'vitest'

test('a clone of the template has the whole schema and none of its neighbours rows', async () => {
  const owner = postgres(inject('databaseUrl'), { max: 1 })
  const name = `t_${randomBytes(6).toString('hex')}`
  await owner`create database ${owner(name)} template ${owner(inject('templateDatabase'))}`
  const clone = postgres(inject('databaseUrl'), { max: 1, database: name })

  const [row] = await clone`
    select count(*)::int as tables
    from information_schema.tables
    where table_schema = 'public' and table_name in ('sales_order', 'journal_entry', 'stock_move')
  `
  expect(row).toEqual({ tables: 3 })

  await clone.end()
  await owner`drop database ${owner(name)}`
  await owner.end()
})
