import postgres from 'postgres'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const TEA = 'Green tea 250 g'
const WIDTHS = [360, 390, 768, 1024, 1280, 1440, 1920, 2560]

const stack = inject('stack')
const company = inject('company')
let browser: Browser
let sql: postgres.Sql

beforeAll(async () => {
  browser = await launchBrowser()
  sql = postgres(stack.database_url, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await sql.end()
  await browser.close()
})

async function openAlerts(
  login: string,
  reader: Parameters<typeof openReader>[2] = {},
  search = '',
) {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, login)
  await openAwake(page, stack, `/alerts${search}`, reader)
  return { context, page }
}

function row(page: Page) {
  return page.locator('a.row', { hasText: TEA })
}

/** Whatever was sold here before, so many are left of 1,000; 50 is the reorder point. */
async function sellDownTo(left: number) {
  const [shelf] = await sql<[{ available: number }]>`
    select max(on_hand - reserved)::int as available
    from stock_level
    where sku_id = ${company.skus['tea-250'] ?? 0}
      and warehouse_id = ${company.warehouses.east ?? 0}
  `
  return sellDown(shelf.available - left)
}

function sellDown(quantity: number) {
  return payOrder(stack, company, 'shanghai', [['tea-250', quantity]])
}

async function lastAlert() {
  const [alert] = await sql`
    select alert.id::int, close_reason, opened_at
    from alert
    where sku_id = ${company.skus['tea-250'] ?? 0}
    order by alert.id desc
    limit 1
  `
  return alert
}

test('sold down, the alert stands on the open page; by keyboard alone it is seen, answered by a transfer, and gone', async () => {
  const { context, page } = await openAlerts('operations')
  await expect
    .poll(() => page.locator('.empty').innerText(), SOON)
    .toContain('No shelf is running out')

  await sellDownTo(40)
  const soldAt = Date.now()
  await row(page).waitFor({ timeout: SOON.timeout })
  console.log(`sold → on the page: ${Date.now() - soldAt} ms`)

  await page.keyboard.press('j')
  const pane = page.getByRole('region', { name: TEA })
  await pane.getByRole('heading', { name: TEA }).waitFor()
  expect(page.url()).toContain('alert=')
  expect((await pane.innerText()).replaceAll(/\s+/g, ' ')).toContain(
    'safety stock 60 − available 40 − incoming 0 = 20',
  )

  await page.keyboard.press('a')
  await expect.poll(() => pane.innerText(), SOON).toContain('Operations acknowledged it')
  await page.keyboard.press('s')
  await page
    .getByRole('group', { name: 'Assign' })
    .getByRole('button', { name: 'Warehouse' })
    .click()
  await expect.poll(() => pane.innerText(), SOON).toContain('Operations gave it to Warehouse')

  await page.keyboard.press('t')
  const transfer = pane.getByRole('button', { name: 'Transfer 20' })
  expect(await transfer.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await expect.poll(() => row(page).count(), SOON).toBe(0)
  await expect
    .poll(() => page.getByRole('status').allInnerTexts(), SOON)
    .toContain(`${TEA}: alert is over`)
  expect(await lastAlert()).toMatchObject({ close_reason: 'acted' })
  await context.close()
})

test('what was asked for is shipped and received in part; the rest is lost only when it is said twice', async () => {
  const { context, page } = await openAlerts('warehouse', {}, '?tab=documents')
  const line = page.locator('tbody tr', { hasText: TEA })
  await line.getByRole('button', { name: 'Ship' }).click()
  await expect.poll(() => line.innerText(), SOON).toContain('in transit')
  await line.getByRole('textbox', { name: 'Arrived' }).fill('18')
  await page.keyboard.press('Tab')
  await line.getByRole('button', { name: 'Receive 18' }).click()
  await expect.poll(() => line.innerText(), SOON).toContain('18 of 20')
  await line.getByRole('button', { name: 'Rest is lost' }).click()
  await line.getByRole('button', { name: '2 are lost: press again' }).click()
  await expect.poll(() => line.count(), SOON).toBe(0)
  const [level] = await sql`
    select on_hand::int, in_transit::int
    from stock_level
    where sku_id = ${company.skus['tea-250'] ?? 0} and warehouse_id = ${company.warehouses.east ?? 0}
  `
  expect(level).toEqual({ on_hand: 1_018, in_transit: 0 })
  await context.close()
})

test('a breach after recovery is a new alert, and a purchase answers it; who only reads is told whom to ask', async () => {
  await sellDown(30)
  const reader = await openAlerts('executive')
  await row(reader.page).click()
  const told = reader.page.getByRole('region', { name: TEA })
  await expect.poll(() => told.innerText(), SOON).toContain('An administrator can give you one')
  expect(await told.getByRole('button', { name: /Request|Transfer/ }).count()).toBe(0)
  await reader.context.close()

  const { context, page } = await openAlerts('operations')
  await row(page).click()
  const pane = page.getByRole('region', { name: TEA })
  await pane.getByRole('button', { name: /^Request/ }).waitFor()
  await page.keyboard.press('p')
  await page.keyboard.press('Enter')
  await expect.poll(() => row(page).count(), SOON).toBe(0)
  await openAwake(page, stack, '/alerts?tab=documents')
  const line = page.locator('tbody tr', { hasText: TEA })
  await line.getByRole('button', { name: 'Approve' }).click()
  await line.getByRole('button', { name: /^Receive/ }).click()
  await expect.poll(() => line.count(), SOON).toBe(0)
  await page.goto(`${stack.web_url}/alerts?tab=done`)
  await expect.poll(() => page.locator('main').innerText(), SOON).toContain('over after restocking')
  await context.close()
})

test('an order that is paid and stands is shipped where it is seen', async () => {
  const { id, order_no } = await payOrder(stack, company, 'shanghai', [['tea-250', 1]])
  await sql`
    update sales_order
    set placed_at = now() - interval '5 hours', paid_at = now() - interval '5 hours'
    where id = ${id}
  `
  const { context, page } = await openAlerts('warehouse', {}, '?tab=orders')
  const stuck = page.locator('a.row', { hasText: order_no })
  await stuck.click()
  const pane = page.getByRole('region', { name: order_no })
  await pane.getByRole('button', { name: 'Ship' }).click()
  const stateOf = async () => {
    const [order] = await sql`select state from sales_order where id = ${id}`
    return order?.state
  }
  await expect.poll(stateOf, SOON).toBe('shipped')
  await expect.poll(() => stuck.count(), SOON).toBe(0)
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say, and no width scrolls sideways: ${lang}, ${theme}`, async () => {
      if ((await lastAlert())?.close_reason !== null) await sellDownTo(20)
      const { context, page } = await openAlerts('operations', { lang, theme })
      await row(page).click()
      await page.locator('.plot').waitFor()
      expect(await axeViolations(page)).toEqual([])
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 })
        expect(await sidewaysScroll(page), `${width} ${lang}`).toBeLessThanOrEqual(0)
      }
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.keyboard.press('?')
      await page.locator('dialog[open]').waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.keyboard.press('Escape')
      for (const tab of ['orders', 'documents', 'done']) {
        await page.goto(`${stack.web_url}/alerts?tab=${tab}`)
        expect([tab, await axeViolations(page)]).toEqual([tab, []])
      }
      await context.close()
    })
  }
}

test('on a phone the detail takes the place of the list, and Back returns', async () => {
  const { context, page } = await openAlerts('operations', { width: 390, height: 844 })
  await row(page).click()
  await page.getByRole('heading', { name: TEA }).waitFor()
  expect(await row(page).isVisible()).toBe(false)
  expect(await axeViolations(page)).toEqual([])
  await page.goBack()
  await row(page).waitFor()
  await context.close()
})

test('without script the list and a detail are there as links', async () => {
  const { context, page } = await openAlerts('operations', { hasScript: false })
  await row(page).click()
  expect(await page.getByRole('region', { name: TEA }).innerText()).toContain('safety stock')
  await context.close()
})
