/** A real browser scrolls a pivot of fifty thousand cells, beside an empty box as large and a table that draws every cell. */
import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../test/browser.ts'
import { logIn } from '../test/company.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { percentilesOf } from './lib/percentiles.ts'
import { startProduct } from './lib/product.ts'
import { type Box, boxOf, readSums, type Scrolled, scrollFor } from './pivot/scroll.ts'

const CELLS_MIN = 50_000
const DAY_MS = 86_400_000
/** Longer than any company of the demo has sold: months across, every product down. */
const DAYS_BACK = 1_099
const GRID = '#pivot [role=grid]'
const BOX = '#box'
const OPEN_MS_MAX = 60_000
const SUM_ROUNDS = 5

export async function run(args: string[]) {
  const { seconds, rate } = numbersOf(args, { seconds: 10, rate: 2 })
  const stack = await startProduct(['--rate', String(rate)])
  const browser = await launchBrowser()
  onStop(() => browser.close())
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const value = await logIn(stack, 'executive')
  await context.addCookies([{ name: 'session', value, url: stack.web_url }])

  const pivot = await openPivot(context, stack.web_url)
  const size = await pivot.locator(GRID).evaluate(sizeOf)
  const cells = size.rows * size.columns
  if (cells < CELLS_MIN) throw new Error(`the pivot has ${cells} cells, fewer than ${CELLS_MIN}`)
  const ours = await scroll(pivot, GRID, seconds)
  const columns_add_up = await addUp(pivot)
  await pivot.close()

  const empty = await scrollBox(context, { ...size, isFilled: false }, seconds)
  const table = await scrollBox(context, { ...size, isFilled: true }, seconds)
  return {
    cells,
    rows: size.rows,
    columns: size.columns,
    ...figuresOf(ours),
    columns_add_up,
    limit: 'empty box as large',
    limit_frame_ms: figuresOf(empty).frame_ms,
    peer: 'a table that draws every cell',
    peer_figures: figuresOf(table),
    of_limit: Number((figuresOf(empty).frame_ms.p95 / figuresOf(ours).frame_ms.p95).toFixed(2)),
    ratio: Number((figuresOf(table).frame_ms.p95 / figuresOf(ours).frame_ms.p95).toFixed(2)),
  }
}

async function openPivot(context: BrowserContext, url: string): Promise<Page> {
  const day = (back: number) => new Date(Date.now() - back * DAY_MS).toISOString().slice(0, 10)
  const page = await context.newPage()
  await page.goto(`${url}/sales?from=${day(DAYS_BACK)}&to=${day(0)}`)
  await page.locator(GRID).scrollIntoViewIfNeeded()
  await page.locator(`${GRID} .cell a`).first().waitFor({ timeout: OPEN_MS_MAX })
  return page
}

async function scrollBox(context: BrowserContext, box: Box, seconds: number) {
  const page = await context.newPage()
  await page.goto('about:blank')
  await page.evaluate(boxOf, box)
  const seen = await scroll(page, BOX, seconds)
  await page.close()
  return seen
}

async function scroll(page: Page, selector: string, seconds: number): Promise<Scrolled> {
  return await page.locator(selector).evaluate(scrollFor, seconds * 1000)
}

/** Each sum is a question of its own to ClickHouse; orders come in meanwhile, so what differs is read again. */
async function addUp(page: Page): Promise<boolean> {
  for (let round = 0; round < SUM_ROUNDS; round += 1) {
    const { columns, grand } = await page.locator(GRID).evaluate(readSums)
    if (columns.reduce((sum, cents) => sum + cents, 0) === grand) return true
  }
  return false
}

function figuresOf({ frames_ms, long_tasks_ms, nodes }: Scrolled) {
  return {
    frame_ms: percentilesOf(frames_ms),
    long_tasks: long_tasks_ms.length,
    longest_task_ms: Math.round(Math.max(0, ...long_tasks_ms)),
    dom_nodes: nodes,
  }
}

/** Runs in the page: how many rows and columns there are, heads and sums aside, and how large they are drawn. */
function sizeOf(grid: HTMLElement | SVGElement) {
  const count = (name: string) => Number(grid.getAttribute(name)) - 2
  return {
    rows: count('aria-rowcount'),
    columns: count('aria-colcount'),
    width: grid.clientWidth,
    height: grid.clientHeight,
    all_width: grid.scrollWidth,
    all_height: grid.scrollHeight,
  }
}
