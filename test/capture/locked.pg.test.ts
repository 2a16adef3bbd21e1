/** Tables that somebody else has locked, or waits to lock, while the stream goes on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'
import { createFaultProxy, type FaultProxy, insertedTable } from './fault-proxy.ts'

const SEEN_MS_MAX = 40_000
/** The catalogue is looked at every five seconds. */
const LOCKED_MS = 6_000

let any: Any
let ingest: Ingest
let proxy: FaultProxy

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create table locked (id int primary key, value text);
    insert into locked select n, 'row ' || n from generate_series(1, 1000) as n;
    create table free (id int primary key);
  `)
  proxy = await createFaultProxy(
    () => any.clickhouseUrl,
    (statement) => (insertedTable(statement) === 'locked__new' ? 'copy' : null),
  )
  const flags = ['--tables', 'public.*', '--database', DATABASE]
  ingest = await any.run(flags, { CLICKHOUSE_URL: proxy.url() })
  await caughtUp(any, ingest)
})
afterAll(async () => {
  await proxy.close()
  await any.stop()
})

test('a table that is locked for long keeps no other from flowing', async () => {
  await any.sql.begin(async (sql) => {
    await sql`lock table locked in access exclusive mode`
    await sleep(LOCKED_MS)
    await any.sql`insert into free values (1)`
    await caughtUp(any, ingest)
    expect(await difference(any, 'free')).toBe(null)
  })
})

test('a copy that fails while somebody waits to change its table lets him through, and is made again', async () => {
  let changing: Promise<unknown> = Promise.resolve()
  const cut = proxy.set(
    {
      point: 'copy',
      when: 'before',
      async spring() {
        changing = any.sql`alter table locked add column more int default 7`.execute()
        await sleep(500)
        return 'cut'
      },
    },
    SEEN_MS_MAX,
  )
  const asking = await any.run(['--resync', 'public.locked', '--database', DATABASE])
  expect(await cut).toBe(true)
  await changing
  expect(await asking.exited, asking.log()).toBe(0)
  await any.sql`insert into free values (2)`
  await caughtUp(any, ingest)
  await expect
    .poll(() => difference(any, 'locked').catch(String), { timeout: SEEN_MS_MAX })
    .toBe(null)
}, 120_000)
