import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 2]])
})
afterAll(() => browser.close())

async function open(login: string, path: string, reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, login)
  await openAwake(page, stack, path, reader)
  return { context, page }
}

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

async function setGoal(page: Page, label: string, amount: string) {
  await tile(page, 'Revenue').getByRole('button', { name: 'Revenue' }).click()
  const card = page.getByRole('dialog')
  await card.getByLabel(label).fill(amount)
  await card.getByRole('button', { name: 'Set goal' }).click()
  return card
}

/** What is set here is removed here: other tests count on pages without goals. */
async function removeGoal(page: Page) {
  await tile(page, 'Revenue').getByRole('button', { name: 'Revenue' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove goal' }).click()
  await page.keyboard.press('Escape')
  await expect.poll(() => tile(page, 'Revenue').locator('.goal').count(), SOON).toBe(0)
}

test('an amount that is none is refused at its field, and the field says what to write', async () => {
  const { context, page } = await open('executive', '/today')
  for (const amount of ['nothing', '0', '99999999999999999']) {
    const card = await setGoal(page, 'Goal today', amount)
    const field = card.getByLabel('Goal today')
    await expect.poll(() => field.getAttribute('aria-invalid'), SOON).toBe('true')
    const named = await field.getAttribute('aria-describedby')
    expect(await page.locator(`[id="${named}"]`).innerText()).toContain('Enter a number above zero')
    expect(await axeViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => card.count(), SOON).toBe(0)
  }
  await context.close()
})

for (const [path, label, chart] of [
  ['/today', 'Goal today', 'Revenue by hour'],
  ['/sales?period=week', 'Goal this week', 'Revenue over time'],
  ['/sales', 'Goal this month', 'Revenue over time'],
] as const) {
  test(`${label.toLowerCase()} stands beside its number and over its chart, with where the pace leads`, async () => {
    const { context, page } = await open('executive', path)
    const card = await setGoal(page, label, '123,456.00')
    await expect.poll(() => card.innerText(), SOON).toContain('Saved')
    await page.keyboard.press('Escape')
    await expect.poll(() => tile(page, 'Revenue').innerText(), SOON).toMatch(/\d+\.\d% of ¥123\.5K/)
    await expect
      .poll(() => tile(page, chart).innerText(), SOON)
      .toMatch(/Goal\s+¥123\.5K\s+\d+\.\d%\s+(on this pace|too early)/)
    await removeGoal(page)
    expect(await tile(page, chart).innerText()).not.toContain('Goal')
    await context.close()
  })
}

test('a goal is shown to an analyst, who has no form to set it; it belongs to its own span alone', async () => {
  const executive = await open('executive', '/today')
  const card = await setGoal(executive.page, 'Goal today', '900')
  await expect.poll(() => card.innerText(), SOON).toContain('Saved')
  await executive.page.keyboard.press('Escape')

  const { context, page } = await open('analyst', '/today')
  await expect.poll(() => tile(page, 'Revenue').innerText(), SOON).toContain('of ¥900')
  await tile(page, 'Revenue').getByRole('button', { name: 'Revenue' }).click()
  const analystCard = page.getByRole('dialog')
  await expect.poll(() => analystCard.count(), SOON).toBe(1)
  expect(await analystCard.getByLabel('Goal today').count()).toBe(0)
  await openAwake(page, stack, '/today?period=7d')
  expect(await tile(page, 'Revenue').locator('.goal').count()).toBe(0)
  await context.close()
  await removeGoal(executive.page)
  await executive.context.close()
})
