import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { startClickHouse } from '../local/clickhouse.ts'
import { freePort } from '../local/port.ts'
import { startPostgres } from '../local/postgres.ts'
import { root } from '../local/root.ts'
import { freePortBase } from './stack.ts'

const READY = /^\{"ready":true.*\}$/m

test('with servers by address the product uses them and starts no engine of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-servers-'))
  chmodSync(folder, 0o755)
  const database = await startPostgres({ folder, port: await freePort() })
  const analytics = await startClickHouse({
    folder,
    httpPort: await freePort(),
    tcpPort: await freePort(),
  })
  const owner = postgres(database.url(), { max: 1, onnotice: () => {} })
  await owner`create database shop`
  // A server that has never heard of us has no such users.
  await owner`drop role core, ingest`

  const product = start({
    DATA_DIR: join(folder, 'data'),
    PORT_BASE: String(await freePortBase()),
    DATABASE_URL: database.url('postgres', 'shop'),
    CLICKHOUSE_URL: analytics.url('admin'),
    CUBE_CLICKHOUSE_URL: analytics.url('cube'),
    INSTANCE_CURRENCY: 'JPY',
    INSTANCE_TIME_ZONE: 'Asia/Tokyo',
  })
  await expect.poll(product.output, { timeout: 90_000 }).toMatch(READY)
  const line: unknown = JSON.parse(READY.exec(product.output())?.[0] ?? '{}')
  expect(line).toMatchObject({ database_url: database.url('postgres', 'shop') })

  const shop = postgres(database.url('postgres', 'shop'), { max: 1 })
  expect(await shop`select currency, minor_digits, time_zone from instance`).toEqual([
    { currency: 'JPY', minor_digits: 0, time_zone: 'Asia/Tokyo' },
  ])
  const answer = await fetch(analytics.url('admin').replace(/\/\/.*@/, '//'), {
    method: 'POST',
    body: 'select currency from analytics.current_instance',
    headers: {
      'X-ClickHouse-User': 'admin',
      'X-ClickHouse-Key': new URL(analytics.url('admin')).password,
    },
  })
  expect(await answer.text()).toBe('JPY\n')

  product.child.kill('SIGTERM')
  await product.ended
  await Promise.all([shop.end(), owner.end()])
  await Promise.all([database.stop(), analytics.stop()])
  rmSync(folder, { recursive: true, force: true })
})

function start(env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'local/start.ts'), '--empty'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString('utf8')))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  return { child, output: () => output, ended }
}
