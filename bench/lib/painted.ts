/** From commit to painted tile: the whole product, started as `npm start` does, and a real browser. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import postgres from 'postgres'
import { launchBrowser } from '../../test/browser.ts'
import { createCompany } from '../../test/company.ts'
import { payOrder } from '../../test/given.ts'
import { openAs, openReader } from '../../test/web-page.ts'
import { onStop } from './engines.ts'
import { type Load, placeOrders, prepareOrders } from './orders.ts'
import { type Percentiles, percentilesOf } from './percentiles.ts'
import { startProduct } from './product.ts'

const PAINTED_MS_MAX = 20_000
/** Far enough apart that each is its own wave of refetches. */
const ORDER_EVERY_MS = 1_500

declare global {
  interface Window {
    /** When the revenue tile was last painted with another amount, in milliseconds since 1970. */
    painted_at?: number
  }
}

/** Orders are paid while the same load runs beside them; each is looked for on the executive's page. */
export async function paintedMs(load: Load): Promise<Percentiles> {
  const stack = await startProduct(['--empty'])
  const company = await createCompany(stack)
  const sql = postgres(stack.database_url, { max: 4, onnotice: () => {} })
  onStop(() => sql.end({ timeout: 1 }))
  await prepareOrders(sql)
  await payOrder(stack, company, 'shanghai', [['tea-100', 1]])

  const browser = await launchBrowser()
  onStop(() => browser.close())
  const page = await openAs(await openReader(browser, stack, { height: 1400 }), stack, 'executive')
  await watchRevenue(page)
  const samples: number[] = []
  let isOver = false
  const business = placeOrders(sql, load).finally(() => (isOver = true))
  while (!isOver) {
    await sleep(ORDER_EVERY_MS)
    samples.push(
      await paintedAfter(page, () => payOrder(stack, company, 'hangzhou', [['cup-1', 1]])),
    )
  }
  await business
  return percentilesOf(samples)
}

/** Paint, not arrival: the frame after the one in which the amount was set. */
async function watchRevenue(page: Page) {
  const value = page.getByRole('region', { name: 'Revenue', exact: true }).locator('.value')
  await value.waitFor()
  await value.evaluate((element) => {
    const observer = new MutationObserver(() => {
      requestAnimationFrame(() => requestAnimationFrame(() => (window.painted_at = Date.now())))
    })
    const tile = element.closest('[role=region], section') ?? document.body
    observer.observe(tile, { subtree: true, attributeFilter: ['title'], childList: true })
  })
}

async function paintedAfter(page: Page, pay: () => Promise<unknown>): Promise<number> {
  const value = page.getByRole('region', { name: 'Revenue', exact: true }).locator('.value')
  const before = await value.getAttribute('title')
  await pay()
  const committedAt = Date.now()
  const deadline = committedAt + PAINTED_MS_MAX
  while (Date.now() < deadline) {
    const paintedAt = await page.evaluate(() => window.painted_at ?? 0)
    const after = await value.getAttribute('title')
    if (after !== before && paintedAt >= committedAt) return paintedAt - committedAt
    await sleep(5)
  }
  throw new Error(`the revenue tile did not change in ${PAINTED_MS_MAX} ms`)
}
