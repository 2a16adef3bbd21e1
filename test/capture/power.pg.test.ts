import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { compareAll } from './equal.ts'
import { openShop, trade } from './load.ts'
import { watchDisk, type Power } from './power/cut.ts'
import { type Capture, caughtUp, reached, startCapture } from './stack.ts'

const TRADE_MS = 3_000

const canCompile = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0
if (!canCompile) console.warn('skipped: a power cut needs a C compiler (cc) on Linux')

let capture: Capture
let power: Power | null = null

/** A shop whose ClickHouse has forced to disk what there is before the test. */
async function openOnWatchedDisk() {
  capture = await startCapture({
    clickhouse(folder) {
      power = watchDisk(folder, join(folder, 'clickhouse'))
      return power?.environment ?? {}
    },
  })
  await openShop(capture)
}

/** Business until the current goes off; what comes up again is compared with Postgres, which had its own battery. */
async function cutUnderLoad(seed: number) {
  const ingest = await capture.startIngest()
  await reached(ingest, 'streaming')
  await caughtUp(capture, ingest)
  power?.settle()
  const end = Date.now() + TRADE_MS
  await trade(capture, seed, 3, () => Date.now() > end)
  // All of it is acknowledged: Postgres may throw its log away.
  await caughtUp(capture, ingest)
  await ingest.process.kill()
  await capture.killClickHouse()
  const cut = power?.cut() ?? 0
  await capture.restartClickHouse()
  const again = await capture.startIngest()
  await caughtUp(capture, again)
  const comparisons = await compareAll(capture)
  return {
    cut,
    missing: comparisons.reduce((sum, { missing }) => sum + missing, 0),
    extra: comparisons.reduce((sum, { extra }) => sum + extra, 0),
    rows: comparisons.reduce((sum, { rows }) => sum + rows, 0),
  }
}

describe.skipIf(!canCompile)('a power cut', () => {
  afterEach(() => capture.stop())

  test('takes nothing that was acknowledged: what the server did not force to disk was not counted on', async () => {
    await openOnWatchedDisk()
    const { cut, missing, extra, rows } = await cutUnderLoad(1)
    // Merged parts and logs are not forced, so there was something to take.
    expect(cut).toBeGreaterThan(0)
    expect({ missing, extra }).toEqual({ missing: 0, extra: 0 })
    expect(rows).toBeGreaterThan(200)
  })

  test('takes rows for good where inserts are not forced to disk: this test would notice', async () => {
    await openOnWatchedDisk()
    await capture.clickhouse.command({
      query:
        'alter table order_event modify setting fsync_after_insert = 0, fsync_part_directory = 0',
    })
    const { missing } = await cutUnderLoad(2)
    expect(missing).toBeGreaterThan(0)
  })
})
