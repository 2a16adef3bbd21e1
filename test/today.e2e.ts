import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 2]])
  await payOrder(stack, company, 'guangzhou', [['cup-1', 1]])
})
afterAll(() => browser.close())

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

/** The exact amount that rides along with a headline, in cents. */
async function headlineCents(page: Page, name: string): Promise<number> {
  return cents((await tile(page, name).locator('.value').getAttribute('title')) ?? '')
}

function cents(text: string) {
  const digits = text.replace(/[^\d]/g, '')
  if (digits === '') throw new Error(`no amount in "${text}"`)
  return Number(digits) * (text.includes('−') ? -1 : 1)
}

/** The semantic layer asked straight, as the independent side of the comparison. */
async function askedCents(page: Page, measure: string): Promise<number> {
  return await page.evaluate(async (name) => {
    const query = JSON.stringify({ measures: [name] })
    const response = await fetch(`/cube/cubejs-api/v1/load?query=${encodeURIComponent(query)}`)
    const answer = await response.json()
    return Number(answer.data[0][name])
  }, measure)
}

test('an order paid while the page is open moves every tile to the cent, without a reload', async () => {
  const context = await openReader(browser, stack, { height: 1400 })
  const page = await openAs(context, stack, 'executive')
  const revenue = await headlineCents(page, 'Revenue')
  const orders = Number(await tile(page, 'Orders').locator('.value').innerText())
  await page.evaluate(() => (document.body.dataset.mark = 'same document'))

  await payOrder(stack, company, 'hangzhou', [
    ['tea-100', 1],
    ['cup-1', 2],
  ])

  const paid = 3333 + 2 * 12801
  await expect.poll(() => headlineCents(page, 'Revenue'), SOON).toBe(revenue + paid)
  await expect
    .poll(() => tile(page, 'Orders').locator('.value').innerText(), SOON)
    .toBe(`${orders + 1}`)
  const sum = page
    .getByRole('region', { name: 'From gross sales to net profit' })
    .getByRole('listitem')
    .filter({ hasText: 'Revenue' })
    .locator('a.num')
  await expect
    .poll(async () => cents((await sum.getAttribute('title')) ?? ''), SOON)
    .toBe(revenue + paid)
  await expect
    .poll(() => tile(page, 'Distributor team sales').innerText(), SOON)
    .toContain('Hangzhou')
  expect(await page.evaluate(() => document.body.dataset.mark)).toBe('same document')
  expect(await headlineCents(page, 'Revenue')).toBe(await askedCents(page, 'sales.revenue_cents'))
  expect(await headlineCents(page, 'Net profit')).toBe(
    await askedCents(page, 'profit.net_profit_cents'),
  )
  await context.close()
})

test('the first paint has the numbers before any script, and filters are links', async () => {
  const context = await openReader(browser, stack, { hasScript: false })
  const page = await openAs(context, stack, 'executive')
  const all = await headlineCents(page, 'Revenue')

  await page.locator('summary', { hasText: 'Region' }).click()
  await page.getByRole('link', { name: 'South', exact: true }).click()
  expect(new URL(page.url()).search).toBe('?region=South')
  const south = await headlineCents(page, 'Revenue')
  expect(south).toBeGreaterThan(0)
  expect(south).toBeLessThan(all)
  expect(await tile(page, 'Distributor team sales').innerText()).not.toContain('Shanghai')
  expect(await tile(page, 'Stock alerts').locator('header').innerText()).toContain('every region')
  await context.close()
})

test('a choice is a place in the history, and Back undoes it', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'executive')
  const all = await headlineCents(page, 'Revenue')

  await page.locator('summary', { hasText: 'Channel' }).click()
  await page.getByRole('link', { name: 'Stores' }).click()
  await expect.poll(() => headlineCents(page, 'Revenue'), SOON).toBe(0)
  expect(await tile(page, 'Product velocity').innerText()).toContain('No orders in this time')
  await page.goBack()
  await expect.poll(() => headlineCents(page, 'Revenue'), SOON).toBe(all)

  await page.locator('summary', { hasText: /^vs/ }).click()
  await page.getByRole('link', { name: 'nothing' }).click()
  await expect.poll(() => page.locator('.kpi .delta').count(), SOON).toBe(0)
  expect(page.url()).toContain('compare=off')
  await context.close()
})

test('the hours are read by the arrow keys, and V shows the table behind them', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, '/today')
  const chart = page.getByRole('slider')

  await chart.focus()
  await page.keyboard.press('Home')
  expect(await chart.getAttribute('aria-valuetext')).toMatch(/^00:00–01:00/)
  await expect.poll(() => page.locator('.tip').count(), SOON).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.tip').count(), SOON).toBe(0)

  await page.keyboard.press('v')
  const hours = tile(page, 'Revenue by hour')
  await expect.poll(() => hours.locator('tbody tr').count(), SOON).toBe(24)
  const total = (await hours.locator('tbody td:nth-of-type(1)').allInnerTexts())
    .filter((text) => text !== '—')
    .reduce((sum, text) => sum + cents(text), 0)
  expect(total).toBe(await headlineCents(page, 'Revenue'))

  await page.keyboard.press('e')
  const card = page.getByRole('dialog')
  await expect.poll(() => card.innerText(), SOON).toContain('recognised at payment')
  expect(await card.innerText()).toMatch(/LSN \d+/)
  await page.keyboard.press('Escape')
  await expect.poll(() => card.count(), SOON).toBe(0)
  await context.close()
})

test('the hour that runs is named as not over, in both languages', async () => {
  for (const [lang, words] of [
    ['en', /not over yet/],
    ['zh', /还没过完/],
  ] as const) {
    const context = await openReader(browser, stack, { lang })
    const page = await openAs(context, stack, 'executive')
    expect(await page.locator('#hours figure').innerText()).toMatch(words)
    expect(await page.locator('#hours .column.open').count()).toBe(1)
    await context.close()
  }
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say: ${lang}, ${theme}`, async () => {
      const context = await openReader(browser, stack, { lang, theme })
      const page = await openAs(context, stack, 'executive')
      await page.waitForSelector('#hours .column')
      expect(await axeViolations(page)).toEqual([])

      await page.locator('#hours .tools > button').click()
      await page.locator('#revenue h2 button').click()
      await page.waitForSelector('dialog[open]')
      expect(await axeViolations(page)).toEqual([])
      await context.close()
    })
  }
}

test('no width scrolls sideways', async () => {
  for (const lang of ['zh', 'en'] as const) {
    const context = await openReader(browser, stack, { lang })
    const page = await openAs(context, stack, 'executive')
    for (const width of [360, 390, 768, 1024, 1280, 1440, 1920, 2560]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await sidewaysScroll(page), `${width} ${lang}`).toBeLessThanOrEqual(0)
    }
    await context.close()
  }
})
