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
  await payOrder(stack, company, 'shanghai', [
    ['tea-100', 5],
    ['cup-1', 2],
  ])
  await payOrder(stack, company, 'hangzhou', [['tea-250', 1]])
})
afterAll(() => browser.close())

async function openProducts(search = '', reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, { height: 1400, ...reader })
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, `/products${search}`, reader)
  return { context, page }
}

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

function numberOf(text: string) {
  return Number(text.replaceAll(/[^\d.]/g, '')) * (text.includes('−') ? -1 : 1)
}

test('the curve of the few adds up to all: each row its share, the last a hundred, by keys and in the table', async () => {
  const { context, page } = await openProducts()
  const pareto = tile(page, 'How few make the revenue')
  const curve = pareto.getByRole('slider')
  await curve.focus()
  await page.keyboard.press('Home')
  await expect
    .poll(() => curve.getAttribute('aria-valuetext'), SOON)
    .toMatch(/^1\. .*¥[\d,.]+, Cumulated [\d.]+%, Class A$/)
  await page.keyboard.press('End')
  await expect.poll(() => curve.getAttribute('aria-valuetext'), SOON).toMatch(/Cumulated 100\.0%/)
  await page.keyboard.press('Escape')

  await pareto.getByRole('button', { name: /Show as table|table/ }).click()
  const column = (index: number) =>
    pareto.locator(`tbody tr td:nth-of-type(${index})`).allInnerTexts()
  await expect.poll(async () => (await column(2)).length, SOON).toBeGreaterThan(2)
  const amounts = (await column(2)).map(numberOf)
  expect(amounts).toEqual(amounts.toSorted((one, other) => other - one))
  const whole = amounts.reduce((sum, amount) => sum + amount, 0)
  const cumulated = (await column(4)).map(numberOf)
  let upTo = 0
  amounts.forEach((amount, index) => {
    upTo += amount
    expect(cumulated[index]).toBeCloseTo((upTo / whole) * 100, 1)
  })
  await context.close()
})

test('a row of the curve leads to its orders', async () => {
  const { context, page } = await openProducts()
  await tile(page, 'How few make the revenue').getByRole('slider').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await expect.poll(() => drawer.locator('tbody tr').count(), SOON).toBeGreaterThan(0)
  await context.close()
})

test('every dot stands in one corner that is named in words, and keys go from dot to dot', async () => {
  const { context, page } = await openProducts()
  const scatter = tile(page, 'Velocity against cover')
  const plot = scatter.getByRole('slider')
  await plot.focus()
  await page.keyboard.press('Home')
  const first = await plot.getAttribute('aria-valuetext')
  expect(first).toMatch(/, Units sold [\d,]+, Days of cover .*, (Slow|Fast), /)
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => plot.getAttribute('aria-valuetext'), SOON).not.toBe(first)
  await expect.poll(() => scatter.locator('.tip').count(), SOON).toBe(1)
  const corners = (await scatter.locator('.corner b').allInnerTexts()).map(numberOf)
  expect(corners).toHaveLength(4)

  await scatter.getByRole('button', { name: /Show as table|table/ }).click()
  await expect
    .poll(() => scatter.locator('tbody tr').count(), SOON)
    .toBe(corners.reduce((sum, count) => sum + count, 0))
  await context.close()
})

test('where nothing is, it says so and what to do next', async () => {
  const { context, page } = await openProducts('?category=Nothing')
  for (const name of ['How few make the revenue', 'Velocity against cover'])
    expect(await tile(page, name).locator('.message').innerText()).toContain('remove a filter')
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say, no width scrolls sideways: ${lang}, ${theme}`, async () => {
      const { context, page } = await openProducts('', { lang, theme })
      await page.waitForSelector('#cover .scatter')
      expect(await axeViolations(page)).toEqual([])
      for (const width of [360, 390, 768, 1440, 2560]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await sidewaysScroll(page), `${width} ${lang}`).toBeLessThanOrEqual(0)
      }
      await context.close()
    })
  }
}
