/** The process as the supervisor sees it: starts, serves, outlives its database, stops when told. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TOKEN_SECRET } from './app.ts'
import { cloneDatabase, type Database } from './database.ts'
import { cuttable, type Wire } from './wire.ts'

const STOP_MS_MAX = 3_000

let database: Database
let wire: Wire
let child: ChildProcess
let url = ''

beforeAll(async () => {
  database = await cloneDatabase()
  await database.owner`insert into instance (name, currency, time_zone) values ('T', 'CNY', 'Asia/Shanghai')`
  wire = await cuttable(Number(new URL(database.url).port))
  const through = new URL(database.url)
  through.port = String(wire.port)
  const file = new URL('../src/server.ts', import.meta.url).pathname
  child = spawn(process.execPath, [file], {
    env: { ...process.env, DATABASE_URL: through.href, TOKEN_SECRET, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  url = await listening(child)
})

afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL')
  wire.server.close()
  wire.cut()
  await database.drop()
})

test('it says it is healthy when it can serve', async () => {
  const response = await fetch(`${url}/health`)
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
})

test('without its database every request is told so at once, and all is well when it is back', async () => {
  wire.cut()
  wire.isDown = true
  for (const path of ['/health', '/instance']) {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(10_000) })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).not.toBeNull()
    expect(await response.json()).toMatchObject({ code: 'DEPENDENCY_DOWN' })
  }
  wire.isDown = false
  await expect
    .poll(async () => (await fetch(`${url}/health`)).status, { timeout: 10_000, interval: 200 })
    .toBe(200)
})

test('told to stop, it finishes the request at hand and is gone within three seconds', async () => {
  // Holds the row that the log-in reads, for a moment, so that a request is at hand.
  const locked = database.owner.begin(async (sql) => {
    await sql`lock table app_user in access exclusive mode`
    await sql`select pg_sleep(0.7)`
  })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const atHand = fetch(`${url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'nobody', password: 'nothing' }),
  })
  await new Promise((resolve) => setTimeout(resolve, 300))

  const started = performance.now()
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(performance.now() - started).toBeLessThan(STOP_MS_MAX)
  expect(code).toBe(0)
  expect((await atHand).status).toBe(401)
  await locked
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed')
})

/** Reads the log to its end, also after the address is known: a full pipe would stop the server. */
async function listening(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    process.stderr?.on('data', (chunk) => {
      const match = /listening at (http:\/\/[^"\s]+)/.exec(String(chunk))
      if (match?.[1] !== undefined) resolve(match[1])
    })
    process.on('exit', () => reject(new Error('the server ended before it listened')))
  })
}
