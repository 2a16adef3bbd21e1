import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { afterEach, expect, test } from 'vitest'
import { type ClickHouseUser, startClickHouse } from './clickhouse.ts'
import { freePort } from './port.ts'

const WRITERS = 4
const WRITE_MS = 1_500

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('every row ClickHouse acknowledged is there after it was killed under load', async () => {
  const options = await givenOptions()
  const first = await startClickHouse(options)
  // Writers are meant to fail when the server is killed; that is no news.
  const admin = createClient({ url: first.url('admin'), log: { level: ClickHouseLogLevel.OFF } })
  await admin.command({
    query: `
      create table receipt (id UInt64) engine = MergeTree order by id
      settings fsync_after_insert = 1, fsync_part_directory = 1`,
  })

  const acknowledged: string[] = []
  let isUp = true
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let count = 0; isUp; count++) {
      const id = String(writer * 1_000_000 + count)
      const isWritten = await admin
        .insert({ table: 'receipt', values: [{ id }], format: 'JSONEachRow' })
        .then(
          () => true,
          () => false,
        )
      if (!isWritten) return
      acknowledged.push(id)
    }
  })
  await sleep(WRITE_MS)
  await first.kill()
  isUp = false
  await Promise.all(writers)
  await admin.close()

  const second = await startClickHouse(options)
  const survivor = createClient({ url: second.url('admin') })
  const result = await survivor.query({ query: 'select id from receipt', format: 'JSONEachRow' })
  const there = new Set((await result.json<{ id: string }>()).map((row) => String(row.id)))
  await survivor.close()
  await second.stop()

  expect(acknowledged.length).toBeGreaterThan(20)
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
})

test('ClickHouse stops cleanly within three seconds with clients connected', async () => {
  const server = await startClickHouse(await givenOptions())
  const client = createClient({ url: server.url('cube'), keep_alive: { enabled: true } })
  await client.ping()

  const started = Date.now()
  await server.stop()
  expect(Date.now() - started).toBeLessThan(3_000)
  expect(await server.exited).not.toBe(null)
  await client.close()
})

test('each ClickHouse user has the rights of its part and no password is a guess away', async () => {
  const server = await startClickHouse(await givenOptions())
  const ask = (user: ClickHouseUser, query: string) => send(server.url(user), query)

  expect(
    await ask('cube', 'select toUInt64(1) as a, toDecimal64(1, 2) as b format JSONEachRow'),
  ).toBe('{"a":"1","b":"1"}\n')
  expect(await ask('cube', 'create table t (a Int8) engine = Memory')).toContain('READONLY')
  expect(await ask('ingest', 'create table t (a Int8) engine = Memory')).toBe('')

  const wrong = new URL(server.url('admin'))
  wrong.password = 'admin'
  expect(await send(wrong.href, 'select 1')).toContain('Code: 516')
  // The user that the embedded program itself runs as has no password, and no rights either.
  wrong.username = 'default'
  wrong.password = ''
  expect(await send(wrong.href, 'select * from t')).toContain('ACCESS_DENIED')
  expect(await send(wrong.href, 'create table u (a Int8) engine = Memory')).toContain(
    'ACCESS_DENIED',
  )
  await server.stop()
})

async function send(url: string, query: string): Promise<string> {
  const { username, password, origin } = new URL(url)
  const response = await fetch(origin, {
    method: 'POST',
    body: query,
    headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
  })
  return response.text()
}

async function givenOptions() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-clickhouse-'))
  folders.push(folder)
  return { folder, httpPort: await freePort(), tcpPort: await freePort() }
}
