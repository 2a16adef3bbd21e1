import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterEach, expect, test } from 'vitest'
import { NOBODY } from './nobody.ts'
import { freePort } from './port.ts'
import { startPostgres } from './postgres.ts'

const WRITERS = 4
const WRITE_MS = 1_500

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('every row Postgres acknowledged is there after it was killed under load', async () => {
  const folder = givenFolder()
  const port = await freePort()
  const first = await startPostgres({ folder, port })
  const owner = postgres(first.url(), { max: 1 })
  await owner`create table receipt (id bigint primary key)`
  await owner.end()

  const acknowledged = await writeUntilKilled(first.url(), async () => {
    await sleep(WRITE_MS)
    await first.kill()
  })
  const second = await startPostgres({ folder, port })
  const survivor = postgres(second.url(), { max: 1 })
  const rows = await survivor<{ id: string }[]>`select id::text from receipt`
  await survivor.end()
  await second.stop()

  const there = new Set(rows.map((row) => row.id))
  expect(acknowledged.length).toBeGreaterThan(100)
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
})

test('Postgres stops cleanly within three seconds with clients connected', async () => {
  const folder = givenFolder()
  const server = await startPostgres({ folder, port: await freePort() })
  const client = postgres(server.url('core'), { max: 2, onnotice: () => {} })
  await client`select 1`

  const started = Date.now()
  await server.stop()
  expect(Date.now() - started).toBeLessThan(3_000)
  expect(await server.exited).toBe(0)
  await client.end({ timeout: 0 })
})

test('the passwords of a data folder are its own, and readable by its owner alone', async () => {
  const folder = givenFolder()
  const server = await startPostgres({ folder, port: await freePort() })
  const wrong = new URL(server.url('core'))
  wrong.password = 'core'
  const intruder = postgres(wrong.href, { max: 1 })

  await expect(intruder`select 1`).rejects.toMatchObject({ code: '28P01' })
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)

  await intruder.end({ timeout: 0 })
  await server.stop()
})

test('Postgres starts where only its owner may enter, and never runs as root', async () => {
  const closed = givenFolder()
  chmodSync(closed, 0o700)
  const folder = join(closed, 'data')
  mkdirSync(folder)

  const server = await startPostgres({ folder, port: await freePort() })
  const { uid } = statSync(`/proc/${server.pid}`)
  expect(uid).toBe(process.getuid?.() === 0 ? NOBODY.uid : process.getuid?.())
  await server.stop()
})

/** Single-row commits by several writers; what it returns was acknowledged, whatever came after. */
async function writeUntilKilled(url: string, kill: () => Promise<void>): Promise<string[]> {
  const acknowledged: string[] = []
  const clients = Array.from({ length: WRITERS }, () => postgres(url, { max: 1 }))
  let isUp = true
  const writers = clients.map(async (sql, writer) => {
    for (let count = 0; isUp; count++) {
      const id = BigInt(writer) * 1_000_000n + BigInt(count)
      const isWritten = await sql`insert into receipt (id) values (${id.toString()})`.then(
        () => true,
        () => false,
      )
      if (!isWritten) return
      acknowledged.push(id.toString())
    }
  })
  await kill()
  isUp = false
  await Promise.all(clients.map((sql) => sql.end({ timeout: 0 })))
  await Promise.all(writers)
  return acknowledged
}

function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-postgres-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}
