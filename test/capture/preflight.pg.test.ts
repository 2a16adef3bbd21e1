/** What a Postgres lacks is said before anything is done, each with the statement that mends it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, DATABASE, startAny } from './any.ts'

let any: Any
let url: string

beforeAll(async () => {
  any = await startAny()
  await any.sql`create table ledger (id int, note text)`
  await any.sql`create table account (id int primary key)`
  await any.sql`create role carrier login password 'secret-of-the-test'`
  const address = new URL(any.databaseUrl)
  address.username = 'carrier'
  address.password = 'secret-of-the-test'
  url = address.href
})
afterAll(() => any.stop())

async function check() {
  const run = await any.run(['--tables', 'public.*', '--database', DATABASE, '--check'], {
    DATABASE_URL: url,
  })
  return { code: await run.exited, text: run.log() }
}

test('each thing that is missing has its statement, and when all have run nothing is missing', async () => {
  const before = await check()
  expect(before.code).toBe(1)
  for (const statement of [
    'alter role carrier replication;',
    'grant select on "public"."account" to carrier;',
    'grant create on database postgres to carrier;',
    'alter publication "tributary_mirror" add table "public"."account";',
    'alter table "public"."ledger" add primary key ("id");',
  ])
    expect(before.text).toContain(statement)
  expect(before.text).not.toContain('secret-of-the-test')

  await any.sql`create publication tributary_mirror with (publish_via_partition_root = true)`
  await any.sql`create publication tributary_mirror_append with (publish = 'insert, truncate')`
  const statements = before.text.split('\n').flatMap((line) => /^ {4}(.+;)$/.exec(line)?.[1] ?? [])
  for (const statement of statements) await any.sql.unsafe(statement)
  // The key that was added moves the ledger to the other publication.
  for (const line of (await check()).text.split('\n')) {
    const statement = /^ {4}(.+;)$/.exec(line)?.[1]
    if (statement !== undefined) await any.sql.unsafe(statement)
  }
  const after = await check()
  expect(after).toMatchObject({ code: 0 })
  expect(after.text).toContain('{"check":"ok"}')
}, 120_000)

test('a role with no more than that carries the tables', async () => {
  const ingest = await any.run(['--tables', 'public.*', '--database', DATABASE], {
    DATABASE_URL: url,
  })
  await any.sql`insert into account values (1)`
  await expect
    .poll(
      async () =>
        (await any.rows(`select id from ${DATABASE}.current_account`).catch(() => [])).length,
      { timeout: 30_000 },
    )
    .toBe(1)
  await ingest.stop()
}, 120_000)

test('a server whose log does not say what changed in rows is named, with what to do', async () => {
  const deaf = await startAny({ wal_level: 'replica' })
  try {
    await deaf.sql`create table account (id int primary key)`
    const run = await deaf.startIngest()
    expect(await run.exited).toBe(1)
    expect(run.log()).toContain('alter system set wal_level = logical;')
  } finally {
    await deaf.stop()
  }
}, 120_000)
