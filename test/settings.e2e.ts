import postgres from 'postgres'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { call, logIn } from './company.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const PIECE_CENTS = 5_000
const WIDTHS = [360, 390, 768, 1024, 1440, 2560]

const stack = inject('stack')
const company = inject('company')
let browser: Browser
let sql: postgres.Sql
const sold: { sku_id: number; warehouse_id: number; quantity: number }[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  sql = postgres(stack.database_url, { max: 1, onnotice: () => {} })
})
/** Others find the company as they know it: the rules as they were, and on the shelf what was sold out. */
afterAll(async () => {
  await sql`
    update alert_rule
    set minutes = case kind when 'order_stuck' then 240 else minutes end,
        watch_percent = case kind when 'stock' then 150 end,
        assignee_id = null
  `
  const token = await logIn(stack, stack.admin_login)
  const receipts = sold.map((lot) => ({ ...lot, cost_cents: lot.quantity * PIECE_CENTS }))
  await call(stack, token, 'POST', '/stock/receipts', { receipts })
  await sql.end()
  await browser.close()
})

async function openSettings(login: string, reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, login)
  await openAwake(page, stack, '/settings', reader)
  return { context, page }
}

function rule(page: Page, name: string) {
  return page.getByRole('region', { name })
}

async function stuckMinutes() {
  const [row] = await sql<[{ minutes: number }]>`
    select minutes from alert_rule where kind = 'order_stuck'
  `
  return row.minutes
}

/** Nothing is left of what was free. */
async function sellOut(sku: 'tea-100' | 'cup-1') {
  const [shelf] = await sql<[{ available: number }]>`
    select sum(on_hand - reserved)::int as available
    from stock_level
    where sku_id = ${company.skus[sku] ?? 0} and warehouse_id = ${company.warehouses.east ?? 0}
  `
  await payOrder(stack, company, 'shanghai', [[sku, shelf.available]])
  sold.push({
    sku_id: company.skus[sku] ?? 0,
    warehouse_id: company.warehouses.east ?? 0,
    quantity: shelf.available,
  })
}

test('without a script a rule is changed, a wrong one is told at its field, and what was typed stays', async () => {
  const { context, page } = await openSettings('operations', { hasScript: false })
  const stuck = rule(page, 'Paid, not shipped')
  await stuck.getByLabel('After payment').fill('1.5')
  await stuck.getByLabel('New alerts belong to').selectOption({ label: 'Warehouse' })
  await stuck.getByRole('button', { name: 'Ring by this rule' }).click()
  expect(await stuck.getByRole('status').innerText()).toContain('Saved')
  expect(await stuckMinutes()).toBe(90)
  expect(await stuck.getByLabel('New alerts belong to').inputValue()).not.toBe('')

  const stock = rule(page, 'Stock running out')
  await stock.getByLabel('Soon below').fill('20')
  await stock.getByRole('button', { name: 'Ring by this rule' }).click()
  const soon = stock.getByLabel('Soon below')
  expect(await soon.getAttribute('aria-invalid')).toBe('true')
  expect(await soon.inputValue()).toBe('20')
  expect(await stock.innerText()).toContain('not less than critical')
  await context.close()
})

test('the bar follows what is typed, and a saved limit is in the audit log', async () => {
  const { context, page } = await openSettings('admin')
  const stock = rule(page, 'Stock running out')
  await stock.getByLabel('Watched below').fill('200')
  await expect.poll(() => stock.innerText(), SOON).toContain('within 14 days: watched')
  await stock.getByRole('button', { name: 'Ring by this rule' }).click()
  await expect.poll(() => stock.getByRole('status').innerText(), SOON).toContain('judged anew')
  await page.goto(`${stack.web_url}/audit`)
  const log = page.getByRole('region', { name: 'Log' })
  expect(await log.innerText()).toContain('changed an alert rule')
  expect(await log.innerText()).toContain('watch_percent')
  await context.close()
})

test('an administrator says where links lead; operations reads it', async () => {
  const { context, page } = await openSettings('admin')
  const shops = rule(page, 'Shop addresses by channel')
  const address = shops.getByLabel('Shop address of Web shop')
  await address.fill('https://shop.example/start')
  await shops.getByRole('button', { name: 'Save address: Web shop' }).click()
  await expect.poll(() => shops.innerText(), SOON).toContain('Links lead here at once')
  await context.close()

  const other = await openSettings('operations')
  const read = rule(other.page, 'Shop addresses by channel')
  expect(await read.innerText()).toContain('https://shop.example/start')
  expect(await read.getByRole('button').count()).toBe(0)
  await other.context.close()
})

test('whoever may change nothing does not get there', async () => {
  const { context, page } = await openSettings('analyst')
  expect(new URL(page.url()).pathname).toBe('/today')
  expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
  await context.close()
})

test('urgent work that comes up is counted in the rail while one looks at something else', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'operations')
  await page.goto(`${stack.web_url}/settings`)
  const alerts = page.locator('aside').getByRole('link', { name: 'Alerts' })
  const count = async () => Number((await alerts.locator('i').allInnerTexts())[0] ?? 0)
  const before = await count()
  await sellOut('cup-1')
  await expect.poll(count, SOON).toBe(before + 1)
  expect(await alerts.innerText()).toContain(`${before + 1} critical open`)
  await context.close()
})

test.each(['light', 'dark'] as const)(
  'nothing is wrong for anybody in the %s theme',
  async (theme) => {
    for (const lang of ['zh', 'en'] as const) {
      const { context, page } = await openSettings('admin', { theme, lang })
      expect(await axeViolations(page)).toEqual([])
      await context.close()
    }
  },
)

test('nothing scrolls sideways from a small phone to a wall', async () => {
  const { context, page } = await openSettings('admin', { lang: 'zh' })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    expect([width, await sidewaysScroll(page)]).toEqual([width, 0])
  }
  await context.close()
})
