import postgres from 'postgres'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { moveOrder, payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const TEA = 'Green tea 100 g'
const WIDTHS = [360, 390, 768, 1024, 1280, 1440, 2560]
const USUAL = 4
const SOLD = 36

const stack = inject('stack')
const company = inject('company')
const shelf = { sku: company.skus['tea-100'] ?? 0, warehouse: company.warehouses.east ?? 0 }
let browser: Browser
let sql: postgres.Sql

/** Days gone by have no API: a shelf that has long been selling four a day. */
beforeAll(async () => {
  browser = await launchBrowser()
  sql = postgres(stack.database_url, { max: 1, onnotice: () => {} })
  await sql`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    select moment, business_day(moment), 'issue', sku.id, sku.product_id, ${shelf.warehouse}, ${-USUAL}
    from sku
    cross join generate_series(0, 13) as days (day)
    cross join lateral (select now() - make_interval(hours => 30 + 24 * day) as moment) as at
    where sku.id = ${shelf.sku}
  `
})
/** Others find the rule as they know it, and the alert is over for them. */
afterAll(async () => {
  await sql`update alert_rule set pieces_min = 10, is_on = false where kind = 'surge'`
  await sql`
    select evaluate_shelf_alerts(array[${shelf.sku}]::bigint[], array[${shelf.warehouse}]::bigint[])
  `
  await sql`update alert_rule set is_on = true where kind = 'surge'`
  await sql.end()
  await browser.close()
})

async function openSurges(login: string, reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, login)
  await openAwake(page, stack, '/alerts?tab=surge', reader)
  return { context, page, row: page.locator('a.row', { hasText: TEA }) }
}

test('what sells nine times its usual day stands on the open page within seconds, and by keyboard it is seen', async () => {
  const { context, page, row } = await openSurges('operations')
  await expect
    .poll(() => page.locator('.empty').innerText(), SOON)
    .toContain('Nothing sells much faster')
  await moveOrder(stack, await payOrder(stack, company, 'shanghai', [['tea-100', SOLD]]), 'ship')
  const soldAt = Date.now()
  await row.waitFor({ timeout: SOON.timeout })
  console.log(`shipped → on the page: ${Date.now() - soldAt} ms`)
  expect(await row.innerText()).toContain(`${SOLD} sold in 24 hours, usually ${USUAL} a day`)
  expect(await row.innerText()).toContain('+800%')

  await page.keyboard.press('j')
  const pane = page.getByRole('region', { name: TEA })
  await pane.getByRole('heading', { name: TEA }).waitFor()
  expect(await pane.innerText()).toContain('nothing has to be ordered yet')
  await page.keyboard.press('a')
  await expect.poll(() => pane.innerText(), SOON).toContain('Operations acknowledged it')
  expect(await pane.innerText()).toContain(`${SOLD} sold in 24 hours`)
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say, and no width scrolls sideways: ${lang}, ${theme}`, async () => {
      const { context, page, row } = await openSurges('operations', { lang, theme })
      await row.click()
      await page.locator('.plot').waitFor()
      if (lang === 'zh') {
        expect(await page.getByRole('navigation').allInnerTexts()).toContainEqual(
          expect.stringContaining('需求突增'),
        )
        expect(await row.innerText()).toContain(`24 小时售出 ${SOLD} 件，平日 ${USUAL} 件/天`)
      }
      expect(await axeViolations(page)).toEqual([])
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 })
        expect(await sidewaysScroll(page), `${width} ${lang}`).toBeLessThanOrEqual(0)
      }
      await context.close()
    })
  }
}

test('who moves the rule ends what it no longer names; a wrong number is told at its field', async () => {
  const { context, page, row } = await openSurges('operations')
  await row.waitFor()
  const settings = await context.newPage()
  await openAwake(settings, stack, '/settings')
  const rule = settings.getByRole('region', { name: 'Demand surge' })
  const fewest = rule.getByLabel('And at least')
  await fewest.fill('0')
  await rule.getByRole('button', { name: 'Ring by this rule' }).click()
  await expect.poll(() => rule.innerText(), SOON).toContain('A whole number from 1 to 100000')
  expect(await fewest.getAttribute('aria-invalid')).toBe('true')
  expect(await row.count()).toBe(1)

  await fewest.fill(String(2 * SOLD))
  await expect.poll(() => rule.innerText(), SOON).toContain('watched from 72 in 24 hours')
  await rule.getByRole('button', { name: 'Ring by this rule' }).click()
  await expect.poll(() => row.count(), SOON).toBe(0)
  await expect
    .poll(() => page.getByRole('status').allInnerTexts(), SOON)
    .toContain(`${TEA}: alert is over`)
  await context.close()
})
