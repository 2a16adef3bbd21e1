import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { moveOrder, payOrder } from './given.ts'
import {
  axeViolations,
  openAs,
  openAwake,
  openReader,
  sidewaysScroll,
  signIn,
  SOON,
} from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 2]])
  await payOrder(stack, company, 'guangzhou', [['cup-1', 1]])
  const cut = { discount_cents: '500' }
  await moveOrder(stack, await payOrder(stack, company, 'hangzhou', [['cup-1', 2]], cut), 'ship')
  await moveOrder(stack, await payOrder(stack, company, 'shanghai', [['tea-100', 1]]), 'cancel')
})
afterAll(() => browser.close())

async function openProfit(search = '', reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, { height: 1400, ...reader })
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, `/profit${search}`, reader)
  return { context, page }
}

function brokenDown(page: Page) {
  return page.getByRole('region', { name: 'Broken down', exact: true })
}

function cents(text: string) {
  const digits = text.replace(/[^\d]/g, '')
  if (digits === '') throw new Error(`no amount in "${text}"`)
  return Number(digits) * (text.includes('−') ? -1 : 1)
}

async function column(page: Page, index: number) {
  const cells = await brokenDown(page).locator(`tbody td:nth-of-type(${index})`).allInnerTexts()
  return cells.map(cents)
}

test('what is shown adds up both ways, whatever it is broken down by', async () => {
  const { context, page } = await openProfit()
  for (const way of ['Channel', 'Region', 'Distributor', 'Category']) {
    await brokenDown(page).getByRole('link', { name: way, exact: true }).click()
    await expect
      .poll(() => brokenDown(page).locator('thead th').first().innerText(), SOON)
      .toBe(way)
    const totals = (await brokenDown(page).locator('tfoot td').allInnerTexts()).map(cents)
    const [revenue = 0, cost = 0, gross = 0, commission = 0, fee = 0, net = 0] = totals
    expect(revenue + cost).toBe(gross)
    expect(gross + commission + fee).toBe(net)
    const sum = (await column(page, 6)).reduce((total, value) => total + value, 0)
    expect(sum, way).toBe(net)
    const bottom = page
      .getByRole('region', { name: 'From gross sales to net profit' })
      .locator('li.sum .num[title]')
    expect(cents((await bottom.last().getAttribute('title')) ?? '')).toBe(net)
  }
  await context.close()
})

const STEPS = [
  ...['Gross sales', 'Discounts', 'Refunds', 'Revenue', 'Cost of goods', 'Gross profit'],
  ...['Commission', 'Fees', 'Net profit'],
]

test('every step of the fall leads to what made it, to the cent, and from there to entries and who earned', async () => {
  const { context, page } = await openProfit()
  const fall = page.getByRole('region', { name: 'From gross sales to net profit' })
  const drawer = page.getByRole('dialog')
  for (const step of STEPS) {
    const link = fall.getByRole('link', { name: new RegExp(`^${step} .*: Show its orders$`) })
    const shown = cents((await link.getAttribute('title')) ?? '')
    await link.click()
    await expect.poll(() => drawer.locator('.path').count(), SOON).toBe(1)
    expect(shown, step).not.toBe(0)
    expect(cents(await drawer.locator('.sum b').innerText()), step).toBe(shown)
    const rows = await drawer.locator('tbody td:last-child').allInnerTexts()
    const sum = rows.reduce((total, text) => total + cents(text), 0)
    expect(sum, step).toBe(shown)
    expect(await drawer.getByRole('columnheader').last().innerText()).toBe(step)
    await drawer.getByRole('link', { name: /^#/ }).first().click()
    await expect.poll(() => drawer.locator('caption').count(), SOON).toBeGreaterThan(0)
    const vouchers = await drawer.locator('caption').allInnerTexts()
    expect(vouchers.every((text) => text.includes('debits equal credits'))).toBe(true)
    expect(await drawer.innerText(), step).toMatch(/level 1 · ¥[\d.,]+ × [\d.]+%/)
    await drawer.getByRole('link', { name: 'Back to the orders' }).click()
    await expect.poll(() => drawer.locator('.sum').count(), SOON).toBe(1)
    await page.keyboard.press('Escape')
    await expect.poll(() => drawer.count(), SOON).toBe(0)
  }
  await context.close()
})

test('an amount of the table leads to orders that add up to it, not to their revenue', async () => {
  const { context, page } = await openProfit()
  const row = brokenDown(page).getByRole('row', { name: /^Web/ }).first()
  const drawer = page.getByRole('dialog')
  for (const [index, title] of [
    [2, 'Cost of goods'],
    [4, 'Commission'],
    [6, 'Net profit'],
  ] as const) {
    const cell = row.locator(`td:nth-of-type(${index})`)
    const shown = cents(await cell.innerText())
    expect(shown, title).not.toBe(0)
    await cell.getByRole('link').click()
    await expect.poll(() => drawer.locator('.sum').count(), SOON).toBe(1)
    expect(cents(await drawer.locator('.sum b').innerText()), title).toBe(shown)
    expect(await drawer.locator('.path').innerText()).toContain(title)
    await page.keyboard.press('Escape')
    await expect.poll(() => drawer.count(), SOON).toBe(0)
  }
  await context.close()
})

test('a head sorts by its column, once down and once up, and the address holds it', async () => {
  const { context, page } = await openProfit('?broken-down.by=distributor_id')
  const head = brokenDown(page).getByRole('columnheader', { name: 'Net profit' })
  await head.getByRole('link').click()
  await expect.poll(() => head.getAttribute('aria-sort'), SOON).toBe('descending')
  const down = await column(page, 6)
  expect(down).toEqual(down.toSorted((a, b) => b - a))
  await head.getByRole('link').click()
  await expect.poll(() => head.getAttribute('aria-sort'), SOON).toBe('ascending')
  expect(new URL(page.url()).searchParams.get('broken-down.sort')).toBe('net_profit_cents-asc')
  await context.close()
})

test('profit is for those who may see it: operations are led to a page of their own, without a way there', async () => {
  const context = await openReader(browser, stack)
  const page = await context.newPage()
  await signIn(page, stack, 'operations')
  await page.waitForURL((url) => url.pathname !== '/login')
  await page.goto(`${stack.web_url}/profit`)
  expect(new URL(page.url()).pathname).not.toBe('/profit')
  const rail = page.getByRole('navigation', { name: 'Main' }).first()
  expect(await rail.getByRole('link', { name: 'Profit' }).count()).toBe(0)
  expect(await rail.getByRole('link', { name: 'Alerts' }).count()).toBe(1)
  await context.close()
})

test('one crosshair stands on both margins, and a phone reaches every page from its bar', async () => {
  const { context, page } = await openProfit()
  await page.locator('#gross-margin').getByRole('slider').focus()
  await page.keyboard.press('Home')
  await expect.poll(() => page.locator('#net-margin .cross').count(), SOON).toBe(1)
  await context.close()

  const phone = await openProfit('', { width: 390, height: 844 })
  const bar = phone.page.getByRole('navigation', { name: 'Main' }).last()
  await bar.locator('summary', { hasText: 'More' }).click()
  await bar.getByRole('link', { name: 'Alerts' }).click()
  await phone.page.waitForURL((url) => url.pathname === '/alerts')
  await phone.context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say, no width scrolls sideways: ${lang}, ${theme}`, async () => {
      const { context, page } = await openProfit('', { lang, theme })
      await page.waitForSelector('#broken-down tbody td')
      expect(await axeViolations(page)).toEqual([])
      if (theme === 'light') {
        for (const width of [360, 390, 768, 1024, 1280, 1440, 1920, 2560]) {
          await page.setViewportSize({ width, height: 900 })
          expect(await sidewaysScroll(page), `${width} ${lang}`).toBeLessThanOrEqual(0)
        }
      }
      await context.close()
    })
  }
}

test('names of axes stand whole, left of their chart and inside their tile, at every width and in both languages', async () => {
  for (const lang of ['zh', 'en'] as const) {
    const { context, page } = await openProfit('', { lang })
    for (const width of [390, 768, 1440]) {
      await page.setViewportSize({ width, height: 1400 })
      const cut = await page.locator('.plot').evaluateAll((plots) =>
        plots.flatMap((plot) => {
          const outer = plot.getBoundingClientRect()
          const area = plot.querySelector('.area')?.getBoundingClientRect()
          const names = [...plot.querySelectorAll('.tick')].map((tick) => ({
            text: tick.textContent,
            box: tick.getBoundingClientRect(),
          }))
          return names.length < 3 || names.length > 5
            ? [`${names.length} ticks`]
            : names
                .filter(({ box }) => box.left < outer.left - 1 || box.right > (area?.left ?? 0))
                .map(({ text }) => text)
        }),
      )
      expect(cut, `${width} ${lang}`).toEqual([])
    }
    await context.close()
  }
})

test('T opens the time, C the comparison, and Esc shuts them', async () => {
  const { context, page } = await openProfit()
  const opened = () => page.locator('details[open] > summary').allInnerTexts()
  const pressed = async (key: string) => {
    await page.keyboard.press(key)
    return (await opened()).join()
  }
  await expect.poll(() => pressed('t'), SOON).toMatch(/This month/)
  await page.keyboard.press('Escape')
  await expect.poll(() => pressed('c'), SOON).toMatch(/vs/)
  await page.keyboard.press('Escape')
  await expect.poll(opened, SOON).toEqual([])
  await context.close()
})
