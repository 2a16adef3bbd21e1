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

async function openSales(search = '', reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, { height: 1400, ...reader })
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, `/sales${search}`, reader)
  return { context, page }
}

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

function cents(text: string) {
  const digits = text.replace(/[^\d]/g, '')
  if (digits === '') throw new Error(`no amount in "${text}"`)
  return Number(digits) * (text.includes('−') ? -1 : 1)
}

async function headlineCents(page: Page, name: string) {
  return cents((await tile(page, name).locator('.value').getAttribute('title')) ?? '')
}

test('a click on a bar filters every tile, is a chip that can be taken off, and Back undoes it', async () => {
  const { context, page } = await openSales()
  const all = await headlineCents(page, 'Revenue')

  await tile(page, 'Regions').getByRole('link', { name: 'South' }).click()
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('?region=South')
  await expect.poll(() => headlineCents(page, 'Revenue'), SOON).toBeLessThan(all)
  const south = await headlineCents(page, 'Revenue')
  expect(await tile(page, 'Distributors').innerText()).not.toContain('Shanghai')
  // What is chosen from stays whole, with the chosen one marked: the next one is a click away.
  expect(await tile(page, 'Regions').locator('li').count()).toBeGreaterThan(1)
  expect(
    await tile(page, 'Regions').getByRole('link', { name: 'South' }).getAttribute('aria-current'),
  ).toBe('true')

  await page.getByRole('link', { name: 'Remove filter: Region South' }).click()
  await expect.poll(() => headlineCents(page, 'Revenue'), SOON).toBe(all)
  await page.goBack()
  await expect.poll(() => headlineCents(page, 'Revenue'), SOON).toBe(south)
  await context.close()
})

test('period and comparison are in the address, own days through a form that needs no script', async () => {
  const { context, page } = await openSales('', { hasScript: false })
  await page.locator('summary', { hasText: 'This month' }).click()
  await page.getByRole('link', { name: 'Last 7 days' }).click()
  expect(new URL(page.url()).search).toBe('?period=7d')
  await page.locator('summary', { hasText: 'Last 7 days' }).click()
  await page.getByLabel('From').fill('2020-02-03')
  await page.getByLabel('To', { exact: true }).fill('2020-02-09')
  await page.getByRole('button', { name: 'Show these days' }).click()
  expect(new URL(page.url()).search).toBe('?from=2020-02-03&to=2020-02-09')
  expect(await headlineCents(page, 'Revenue')).toBe(0)
  expect(await tile(page, 'Products').innerText()).toContain('No orders in this time')

  await page.locator('summary', { hasText: 'vs' }).click()
  await page.getByRole('link', { name: 'nothing' }).click()
  expect(new URL(page.url()).searchParams.get('compare')).toBe('off')
  expect(await page.locator('.kpi .delta').count()).toBe(0)
  await context.close()
})

test('a number leads to its orders, which add up to it, an order to entries that balance, and Back undoes each step', async () => {
  const { context, page } = await openSales()
  const amount = tile(page, 'Channel share').locator('small a').first()
  const shown = cents((await amount.locator('xpath=..').getAttribute('title')) ?? '')
  await amount.click()
  const drawer = page.getByRole('dialog')
  await expect.poll(() => drawer.locator('tbody tr').count(), SOON).toBeGreaterThan(0)
  expect(cents(await drawer.locator('.sum b').innerText())).toBe(shown)
  const rows = await drawer.locator('tbody td:last-child').allInnerTexts()
  expect(rows.reduce((sum, text) => sum + cents(text), 0)).toBe(shown)

  await drawer.getByRole('link', { name: /^#/ }).first().click()
  await expect.poll(() => drawer.innerText(), SOON).toContain('Journal entries')
  const vouchers = await drawer.locator('caption').allInnerTexts()
  expect(vouchers.length).toBeGreaterThan(0)
  expect(vouchers.every((text) => text.includes('debits equal credits'))).toBe(true)
  expect(await drawer.innerText()).toMatch(/level 1 · ¥[\d.,]+ × [\d.]+%/)
  expect(await axeViolations(page)).toEqual([])

  await page.goBack()
  await expect.poll(() => drawer.locator('.sum').count(), SOON).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => drawer.count(), SOON).toBe(0)
  expect(new URL(page.url()).search).toBe('')
  await context.close()
})

test('the pivot’s sums are questions of their own and agree with the headline; its cells are reached by keys', async () => {
  const { context, page } = await openSales()
  const grid = tile(page, 'Pivot').getByRole('grid')
  await expect.poll(() => grid.getByRole('row').count(), SOON).toBeGreaterThan(3)
  const foot = grid.locator('.foot')
  expect(cents(await foot.locator('.sum').innerText())).toBe(await headlineCents(page, 'Revenue'))
  const totals = await grid.locator('.row .sum').allInnerTexts()
  expect(totals.reduce((sum, text) => sum + (text === '0' ? 0 : cents(text)), 0)).toBe(
    cents(await foot.locator('.sum').innerText()),
  )
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await expect.poll(() => grid.locator('.at').count(), SOON).toBe(1)
  await expect.poll(() => grid.locator('.at').innerText(), SOON).toMatch(/\d/)
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('dialog').count(), SOON).toBe(1)
  await context.close()
})

test('a goal set from the card of a number shows its pace, and is gone when it is removed', async () => {
  const { context, page } = await openSales()
  const revenue = tile(page, 'Revenue')
  await revenue.getByRole('button', { name: 'Revenue' }).click()
  const card = page.getByRole('dialog')
  await card.getByLabel('Goal this month').fill('nothing')
  await card.getByRole('button', { name: 'Set goal' }).click()
  await expect.poll(() => card.innerText(), SOON).toContain('Enter a number above zero')
  await card.getByLabel('Goal this month').fill('1,000.00')
  await card.getByRole('button', { name: 'Set goal' }).click()
  await expect.poll(() => card.innerText(), SOON).toContain('Saved')
  await page.keyboard.press('Escape')
  await expect.poll(() => card.count(), SOON).toBe(0)
  const done = Math.floor(((await headlineCents(page, 'Revenue')) / 100_000) * 1000) / 10
  await expect
    .poll(() => revenue.innerText(), SOON)
    .toContain(`${Math.min(100, done).toFixed(1)}% of ¥1,000`)

  await revenue.getByRole('button', { name: 'Revenue' }).click()
  await card.getByRole('button', { name: 'Remove goal' }).click()
  await page.keyboard.press('Escape')
  await expect.poll(() => revenue.locator('.goal').count(), SOON).toBe(0)
  await context.close()
})

test('a note on a moment stands on every chart that shows it, until it is removed', async () => {
  const { context, page } = await openSales()
  const trend = tile(page, 'Revenue over time')
  await trend.locator('summary').click()
  await trend.getByRole('button', { name: 'Notes' }).click()
  const notes = page.getByRole('dialog')
  await notes.getByLabel('What happened').fill('Trade fair opens')
  await notes.getByRole('button', { name: 'Add note' }).click()
  await expect.poll(() => notes.locator('li').count(), SOON).toBe(1)
  expect(await axeViolations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect
    .poll(() => trend.locator('.said').allInnerTexts(), SOON)
    .toEqual(['Trade fair opens'])

  await trend.locator('summary').click()
  await trend.getByRole('button', { name: 'Notes' }).click()
  await notes.getByRole('button', { name: 'Remove note: Trade fair opens' }).click()
  await expect.poll(() => trend.locator('.said').count(), SOON).toBe(0)
  await context.close()
})

test('whether the books agree is said with its moment, and to no warehouse', async () => {
  const { context, page } = await openSales()
  const badge = page.locator('.filterbar summary', { hasText: 'Equal to the ledger to the cent' })
  await expect.poll(() => badge.count(), { timeout: 90_000, interval: 500 }).toBe(1)
  await badge.click()
  await expect
    .poll(() => page.locator('.filterbar dl').innerText(), SOON)
    .toMatch(/Rows that differ\s+0/)
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say, no width scrolls sideways: ${lang}, ${theme}`, async () => {
      const { context, page } = await openSales('', { lang, theme })
      await page.waitForSelector('#pivot [role=gridcell] a')
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
