/** A mirror that is not as this process made it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create table other (id int primary key, value text);
    insert into other values (1, 'one'), (2, 'two');
    create table parent (id int primary key);
  `)
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

test('a mirror that somebody changed so that it cannot take its rows waits, and the others flow', async () => {
  await any.client.command({
    query: `alter table ${DATABASE}.other drop column value, add column value Int32 comment '2 text' after id`,
  })
  await any.sql`insert into other values (3, 'no number')`
  await any.sql`insert into parent values (3)`
  const { tables } = await caughtUp(any, ingest)
  expect(tables.waiting).toEqual([
    expect.objectContaining({
      table: 'public.other',
      status: 'resync_required',
      reason: expect.stringMatching(/^other cannot take its rows: Cannot parse/),
    }),
  ])
  expect(await difference(any, 'parent')).toBe(null)
  const asking = await any.run(['--resync', 'public.other', '--database', DATABASE])
  expect(await asking.exited, asking.log()).toBe(0)
  await caughtUp(any, ingest)
  expect(await difference(any, 'other')).toBe(null)
})
