/**
 * Pages that stay open for hours: every tile of three dashboards on screen, the market selling beside them. Does the
 * heap stay where it was, and is the main thread free for the reader?
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { launchBrowser } from '../test/browser.ts'
import { logIn } from '../test/company.ts'
import type { Stack } from '../test/stack.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { medianOf, percentilesOf } from './lib/percentiles.ts'
import { startProduct } from './lib/product.ts'
import { readTasks, watchTasks } from './live/tasks.ts'

const PATHS = ['/today', '/sales', '/profit']
const TILES_MIN = 30
const WIDTH = 1440
/** As tall as any of them: a tile that is not on screen is not kept fresh. */
const HEIGHT_MAX = 6_000
const SETTLE_MS = 20_000
const SAMPLE_MS = 15_000
const MINUTE_MS = 60_000

type Open = { path: string; page: Page; cdp: CDPSession; tiles: number; batches: () => number }
type Sample = { heap: number; busy_s: number; at: number }

export async function run(args: string[]) {
  const { minutes, rate } = numbersOf(args, { minutes: 30, rate: 2 })
  const stack = await startProduct(['--rate', String(rate)])
  const browser = await launchBrowser()
  onStop(() => browser.close())
  const token = await logIn(stack, 'executive')
  const pages: Open[] = []
  for (const path of PATHS) pages.push(await open(browser, stack, token, path))
  const tiles = pages.reduce((sum, page) => sum + page.tiles, 0)
  if (tiles < TILES_MIN) throw new Error(`only ${tiles} tiles are on screen`)
  await sleep(SETTLE_MS)

  const samples = new Map<string, Sample[]>(PATHS.map((path) => [path, []]))
  const endsAt = Date.now() + minutes * MINUTE_MS
  while (Date.now() < endsAt) {
    for (const one of pages) samples.get(one.path)?.push(await sampleOf(one))
    await sleep(SAMPLE_MS)
  }
  const figures = pages.map(({ path, tiles: own }) => ({
    path,
    tiles: own,
    ...figuresOf(samples.get(path) ?? []),
  }))
  const tasks = (await Promise.all(pages.map(({ page }) => page.evaluate(readTasks)))).flat()
  const batches = pages.reduce((sum, { batches: count }) => sum + count(), 0)
  return {
    minutes,
    tiles,
    orders_per_s: rate,
    batches_per_minute: Math.round(batches / minutes),
    pages: figures,
    heap_growth_percent: Math.max(...figures.map(({ heap_growth_percent: grown }) => grown)),
    main_thread_busy_percent: Math.max(...figures.map(({ busy_percent: busy }) => busy)),
    long_tasks_per_minute: Number((tasks.length / minutes).toFixed(1)),
    long_task_ms: tasks.length > 0 ? percentilesOf(tasks) : null,
  }
}

async function open(browser: Browser, stack: Stack, token: string, path: string): Promise<Open> {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 } })
  onStop(() => context.close())
  await context.addCookies([{ name: 'session', value: token, url: stack.web_url }])
  const page = await context.newPage()
  await page.addInitScript(watchTasks)
  let count = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/cube/batch')) count += 1
  })
  await page.goto(stack.web_url + path)
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: WIDTH, height: Math.min(height, HEIGHT_MAX) })
  const tiles = await page.locator('main .tile, main .kpi').count()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable')
  return { path, page, cdp, tiles, batches: () => count }
}

/** What lives on after a collection: what is only waiting for one is no growth. */
async function sampleOf({ cdp }: Open): Promise<Sample> {
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const valueOf = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
  return { heap: valueOf('JSHeapUsedSize'), busy_s: valueOf('TaskDuration'), at: Date.now() }
}

function figuresOf(samples: Sample[]) {
  const quarter = Math.max(1, Math.floor(samples.length / 4))
  const early = medianOf(samples.slice(0, quarter).map(({ heap }) => heap))
  const late = medianOf(samples.slice(-quarter).map(({ heap }) => heap))
  const [first, last] = [samples[0], samples.at(-1)]
  const busy = first && last ? (last.busy_s - first.busy_s) / ((last.at - first.at) / 1000) : 0
  return {
    heap_bytes: Math.round(late),
    heap_growth_percent: Number((((late - early) / early) * 100).toFixed(1)),
    busy_percent: Number((busy * 100).toFixed(1)),
  }
}
