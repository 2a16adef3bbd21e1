/** Each page of the staff on a cold browser cache beside the door, which asks for nothing; then clicks. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../test/browser.ts'
import { logIn } from '../test/company.ts'
import type { Stack } from '../test/stack.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { medianOf, percentilesOf } from './lib/percentiles.ts'
import { startProduct } from './lib/product.ts'
import { type Visit, readVisit, watchPaints } from './web/visit.ts'

const DOOR = '/login'
const LOAD_MS = 1_500
const WARM_ROUNDS = 1
const CLICKED = ['/sales', '/profit']
/** A click comes within this time after the answer to its hover. */
const HELD_MS = 50
const ANSWER_MS_MAX = 10_000
const WAY_OFF = { x: 700, y: 500 }

type Reader = { browser: Browser; stack: Stack; token: string }

export async function run(args: string[]) {
  const { rounds, rate } = numbersOf(args, { rounds: 7, rate: 2 })
  const stack = await startProduct(['--rate', String(rate)])
  const browser = await launchBrowser()
  onStop(() => browser.close())
  const reader = { browser, stack, token: await logIn(stack, 'executive') }

  const paths = [DOOR, ...(await listPlaces(reader))]
  const visits = new Map<string, Visit[]>(paths.map((path) => [path, []]))
  for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
    for (const path of paths) {
      const visit = await visitCold(reader, path)
      if (round >= 0) visits.get(path)?.push(visit)
    }
  }
  const door = medianOf((visits.get(DOOR) ?? []).map(({ first_paint_ms }) => first_paint_ms))
  const pages = Object.fromEntries([...visits].map(([path, seen]) => [path, figuresOf(seen)]))
  const today = pages['/today'] ?? figuresOf([])
  const hovered = await clickThrough(reader, rounds, true)
  const unprepared = await clickThrough(reader, rounds, false)
  return {
    pages,
    first_paint_ms: today.first_paint_ms,
    chart_paint_ms: today.chart_paint_ms,
    script_gzip_bytes: today.script_gzip_bytes,
    click_cached_ms: percentilesOf(hovered),
    click_unprepared_ms: percentilesOf(unprepared),
    limit: DOOR,
    limit_ms: door,
    ratio: Number((door / today.first_paint_ms.p50).toFixed(2)),
  }
}

/** Where the rail leads an executive. */
async function listPlaces({ browser, stack, token }: Reader): Promise<string[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies([{ name: 'session', value: token, url: stack.web_url }])
  const page = await context.newPage()
  await page.goto(`${stack.web_url}/today`)
  const paths = await page
    .locator('aside nav a')
    .evaluateAll((links) =>
      links.map((link) => new URL(String(link.getAttribute('href')), location.href).pathname),
    )
  await context.close()
  return paths
}

/** A browser that has never been here: no cache, but a session. */
async function visitCold({ browser, stack, token }: Reader, path: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    if (path !== DOOR) {
      await context.addCookies([{ name: 'session', value: token, url: stack.web_url }])
    }
    const page = await context.newPage()
    await page.addInitScript(watchPaints)
    const response = await page.goto(stack.web_url + path, { waitUntil: 'load' })
    if (response?.status() !== 200) throw new Error(`${path} answered ${response?.status()}`)
    await sleep(LOAD_MS)
    return await page.evaluate(readVisit)
  } finally {
    await context.close()
  }
}

function figuresOf(visits: Visit[]) {
  return {
    first_paint_ms: percentilesOf(visits.map((visit) => visit.first_paint_ms)),
    chart_paint_ms: percentilesOf(visits.map((visit) => visit.chart_paint_ms)),
    html_ms: medianOf(visits.map((visit) => visit.html_ms)),
    server_ms: medianOf(visits.map((visit) => visit.server_ms)),
    styles_ms: medianOf(visits.map((visit) => visit.styles_ms)),
    html_bytes: Math.max(0, ...visits.map((visit) => visit.html_bytes)),
    server: visits.at(-1)?.server ?? {},
    largest_paint_ms: percentilesOf(visits.map((visit) => visit.largest_paint_ms)),
    script_gzip_bytes: Math.max(0, ...visits.map((visit) => visit.script_bytes)),
    layout_shift: Math.max(0, ...visits.map((visit) => visit.layout_shift)),
  }
}

/**
 * Between two places of the rail, to and fro. A pointer that rests on a link has its answer asked for, and the click
 * finds it there; without, the click waits for the server, which has had new orders since it last answered.
 */
async function clickThrough(
  { browser, stack, token }: Reader,
  rounds: number,
  isHovered: boolean,
): Promise<number[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies([{ name: 'session', value: token, url: stack.web_url }])
  const page = await context.newPage()
  await page.goto(`${stack.web_url}${CLICKED[0]}`)
  await sleep(LOAD_MS)
  const samples: number[] = []
  for (let turn = 1; turn <= 2 * (rounds + 1); turn += 1) {
    const path = CLICKED[turn % CLICKED.length] ?? DOOR
    const link = page.locator(`aside nav a[href="${path}"]`)
    if (isHovered) {
      const before = await page.evaluate(countAnswers)
      const deadline = Date.now() + ANSWER_MS_MAX
      await link.hover()
      while ((await page.evaluate(countAnswers)) === before) {
        if (Date.now() > deadline) throw new Error(`nothing was asked for ${path}`)
        await sleep(HELD_MS)
      }
    }
    const took = await link.evaluate(clickOn)
    if (turn > 2) samples.push(took)
    await page.mouse.move(WAY_OFF.x, WAY_OFF.y)
    await sleep(LOAD_MS / 3)
  }
  await context.close()
  return samples
}

/** Runs in the page: how many answers to its own questions the browser has had, whole. */
function countAnswers(): number {
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => new URL(name).pathname.endsWith('__data.json')).length
}

/** Runs in the page: the click on a place of the rail, to the frame after the one in which its title stands there. */
async function clickOn(link: HTMLElement | SVGElement): Promise<number> {
  if (!(link instanceof HTMLElement)) throw new Error('a place of the rail is a link')
  const title = document.querySelector('h1')?.textContent
  const startedAt = performance.now()
  link.click()
  return await new Promise((resolve) => {
    const look = () => {
      if (document.querySelector('h1')?.textContent === title) requestAnimationFrame(look)
      else requestAnimationFrame(() => resolve(performance.now() - startedAt))
    }
    requestAnimationFrame(look)
  })
}
