import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { compareAll, differences } from './equal.ts'
import { openShop, trade } from './load.ts'
import { type Capture, caughtUp, type Ingest, reached, startCapture } from './stack.ts'

const MB = 1024 * 1024
const MEMORY_MAX = 300 * MB
const DISK_MB = 400
const DROP_MB = 48

/** Business for as long as `disturb` takes. */
async function tradeDuring(capture: Capture, seed: number, disturb: () => Promise<void>) {
  let isOver = false
  const business = trade(capture, seed, 2, () => isOver)
  await disturb()
  isOver = true
  await business
}

async function alarms(ingest: Ingest) {
  return (await ingest.status()).alarms.map(({ name }) => name)
}

describe('an engine that is away', () => {
  let capture: Capture
  let ingest: Ingest
  beforeAll(async () => {
    capture = await startCapture()
    await openShop(capture)
  })
  afterEach(() => ingest.process.kill())
  afterAll(() => capture.stop())

  test('while ClickHouse is down memory does not grow, and what has piled up is caught up with', async () => {
    ingest = await capture.startIngest()
    await reached(ingest, 'streaming')
    await capture.killClickHouse()
    await tradeDuring(capture, 1, async () => {
      for (let turn = 0; turn < 10; turn += 1) {
        await capture.sql`
          insert into funnel_event (at, business_day, step, visit_id, channel_id)
          select now(), current_date, 'visit', ${`down-${turn}-`} || n, 1 from generate_series(1, 10000) as n
        `
        await sleep(100)
      }
    })
    await reached(ingest, 'waiting')
    expect(await alarms(ingest)).toContain('stream-lost')
    expect((await ingest.status()).memory_bytes).toBeLessThan(MEMORY_MAX)
    await capture.restartClickHouse()
    const { memory_bytes } = await caughtUp(capture, ingest)
    expect(memory_bytes).toBeLessThan(MEMORY_MAX)
    expect(differences(await compareAll(capture))).toEqual([])
    expect(await alarms(ingest)).toEqual([])
  })

  test('a slot that holds back more than it may is dropped before it fills the disk of the source', async () => {
    ingest = await capture.startIngestWith({ WAL_DROP_BYTES: String(DROP_MB * MB) })
    await reached(ingest, 'streaming')
    await capture.killClickHouse()
    await capture.sql`
      select count(pg_logical_emit_message(false, 'ballast', repeat(n::text, 200000)))
      from generate_series(100000, ${100_000 + DROP_MB}::int) as n
    `
    await expect
      .poll(() => capture.sql`select 1 from pg_replication_slots`.then(({ count }) => count), {
        timeout: 30_000,
      })
      .toBe(0)
    expect(await alarms(ingest)).toContain('slot-dropped')

    await capture.restartClickHouse()
    await reached(ingest, 'resnapshot_required')
    expect(await alarms(ingest)).toEqual(['resnapshot-required', 'slot-dropped'])
    await ingest.process.kill()

    ingest = await capture.startIngest('--resnapshot')
    await caughtUp(capture, ingest)
    expect(await alarms(ingest)).toEqual([])
    expect(differences(await compareAll(capture))).toEqual([])
  })
})

/** A disk of its own for ClickHouse needs the right to mount one. */
const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'true']).status === 0
if (!canMount) console.warn('skipped: a full disk needs root, to mount a small one')

describe.skipIf(!canMount)('a disk that is full', () => {
  let capture: Capture
  let ingest: Ingest
  let disk = ''
  beforeAll(async () => {
    capture = await startCapture({
      prepare(folder) {
        disk = join(folder, 'clickhouse')
        mkdirSync(disk)
        const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', disk])
        if (mounted.status !== 0) throw new Error(mounted.stderr.toString())
      },
    })
    await openShop(capture)
    ingest = await capture.startIngest()
    await reached(ingest, 'streaming')
  })
  afterAll(async () => {
    // The folder goes last, and cannot while a disk is mounted in it.
    await Promise.all([ingest.process.kill(), capture.killClickHouse()])
    spawnSync('umount', [disk])
    await capture.stop()
  })

  test('writing stops and says why; with space again it goes on, and every row is there once', async () => {
    const ballast = join(disk, 'ballast')
    await tradeDuring(capture, 3, async () => {
      await sleep(500)
      fillUp(ballast)
      await expect
        .poll(() => alarms(ingest), { timeout: 30_000 })
        .toEqual(expect.arrayContaining(['clickhouse-full']))
      expect((await fetch(`${ingest.url}/health`)).status).toBe(503)
      await sleep(2_000)
      expect(await alarms(ingest)).toContain('clickhouse-full')
      expect((await ingest.status()).memory_bytes).toBeLessThan(MEMORY_MAX)
      rmSync(ballast)
    })
    await reached(ingest, 'streaming')
    await caughtUp(capture, ingest)
    expect(await alarms(ingest)).toEqual([])
    expect(differences(await compareAll(capture))).toEqual([])
  })
})

/** Writes until nothing more fits. */
function fillUp(file: string) {
  const descriptor = openSync(file, 'w')
  try {
    for (const size of [MB, 4_096]) {
      const block = Buffer.alloc(size)
      try {
        while (writeSync(descriptor, block) === size);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      }
    }
  } finally {
    closeSync(descriptor)
  }
}
