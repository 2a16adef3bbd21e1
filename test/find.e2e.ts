import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser
let order: { id: number; order_no: string }

beforeAll(async () => {
  browser = await launchBrowser()
  order = await payOrder(stack, company, 'shanghai', [['tea-100', 1]])
})
afterAll(() => browser.close())

async function open(path: string, reader: Parameters<typeof openReader>[2] = {}, as = 'executive') {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, as)
  await openAwake(page, stack, path)
  return { context, page }
}

async function find(page: Page, words: string) {
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox')
  await field.waitFor()
  await field.fill(words)
  return { field, option: (name: string | RegExp) => page.getByRole('option', { name }) }
}

test('an order is found by its number and opens over the page; Back closes it', async () => {
  const { context, page } = await open('/profit?period=7d')
  const { option } = await find(page, order.order_no)
  await expect.poll(() => option(order.order_no).count(), SOON).toBe(1)
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog', { name: `Order ${order.order_no}` })
  await drawer.getByText('Journal entries').waitFor()
  expect(new URL(page.url()).searchParams.get('period')).toBe('7d')
  await page.goBack()
  await expect.poll(() => drawer.count(), SOON).toBe(0)
  await context.close()
})

test('a distributor is found by a part of the name, and his node of the network opens', async () => {
  const { context, page } = await open('/today')
  await find(page, 'shang')
  // A customer of his carries the same name and stands in a group of its own.
  const distributors = page.getByRole('group', { name: 'Distributors' })
  await distributors.getByRole('option', { name: 'Shanghai' }).click()
  await page.waitForURL((url) => url.pathname === '/distributors')
  expect(new URL(page.url()).searchParams.get('network.at')).toBe(
    `${company.distributors.shanghai}`,
  )
  await context.close()
})

test('the list is worked through by arrow keys, and what is current is told', async () => {
  const { context, page } = await open('/today')
  const { field } = await find(page, 'profit')
  const current = () => page.getByRole('option', { selected: true }).innerText()
  await expect.poll(current, SOON).toMatch(/^Profit/)
  await page.keyboard.press('ArrowDown')
  await expect.poll(current, SOON).not.toMatch(/^Profit\n/)
  const id = await field.getAttribute('aria-activedescendant')
  expect(await page.locator(`#${id}`).getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/profit')
  await context.close()
})

test('a customer is found, and sales are of that customer alone', async () => {
  const { context, page } = await open('/today')
  const name = await page.evaluate(async () => {
    const { items } = await (await fetch('/api/customers?limit=1')).json()
    return String(items[0].name)
  })
  const { option } = await find(page, name)
  await option(name).last().click()
  await page.waitForURL((url) => url.pathname === '/sales')
  expect(new URL(page.url()).searchParams.get('customer')).toMatch(/^\d+$/)
  await context.close()
})

test('G and a letter go to a page, and the T of it does not open the time', async () => {
  const { context, page } = await open('/profit')
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await page.waitForURL((url) => url.pathname === '/today')
  expect(await page.locator('details[open]').count()).toBe(0)
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.waitForURL((url) => url.pathname === '/alerts')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await keys.getByText('move', { exact: true }).waitFor()
  await context.close()
})

test('? on the alerts names the keys that act to who may act, and to nobody else', async () => {
  for (const [login, count] of [
    ['executive', 0],
    ['operations', 1],
  ] as const) {
    const { context, page } = await open('/alerts', {}, login)
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keys' })
    await keys.getByText('move', { exact: true }).waitFor()
    expect([login, await keys.getByText('snooze').count()]).toEqual([login, count])
    await context.close()
  }
})

test('J and K go from chart to chart, an arrow steps into one, Enter shows what it is made of, Esc comes back', async () => {
  const { context, page } = await open('/sales')
  const at = () => page.evaluate(() => document.activeElement?.closest('.kpi, .tile')?.id ?? '')
  for (let index = 0; index < 7; index++) await page.keyboard.press('j')
  expect(await at()).toBe('trend')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => page.locator('#trend .cross').count(), SOON).toBe(1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('k')
  await expect.poll(at, SOON).toBe('refunds')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Orders behind the number' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count(), SOON).toBe(0)
  await context.close()
})

test('a reader of operations finds goods, and an order opens although no sales page is his', async () => {
  const { context, page } = await open('/alerts', {}, 'operations')
  const { option } = await find(page, 'profit')
  // The day's own charts are theirs, the page of profit is not, nor anything on it.
  await expect.poll(() => option(/Today/).count(), SOON).toBeGreaterThan(0)
  expect(await page.locator('[role=option][href^="/profit"]').count()).toBe(0)
  await page.getByRole('combobox').fill(order.order_no)
  await option(order.order_no).click()
  await page.getByRole('dialog', { name: `Order ${order.order_no}` }).waitFor()
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say about it, and a phone finds as well: ${lang}, ${theme}`, async () => {
      const { context, page } = await open('/sales', { lang, theme, width: 390, height: 844 })
      await page.getByRole('button', { name: lang === 'zh' ? '查找' : 'Find' }).click()
      await page.getByRole('combobox').fill(lang === 'zh' ? '销售' : 'sales')
      await expect.poll(() => page.getByRole('option').count(), SOON).toBeGreaterThan(2)
      expect(await axeViolations(page)).toEqual([])
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      const box = await page.getByRole('option').first().boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(44)
      await context.close()
    })
  }
}

test('in the portal a distributor finds his own order and his team, and nobody else', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'shanghai')
  const { option } = await find(page, order.order_no)
  await option(order.order_no).click()
  await page.getByRole('dialog', { name: `Order ${order.order_no}` }).waitFor()
  await page.keyboard.press('Escape')

  const { field } = await find(page, 'My rank')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.hash === '#rank')
  await expect.poll(() => field.count(), SOON).toBe(0)
  await context.close()

  const beside = await openReader(browser, stack)
  const other = await openAs(beside, stack, 'hangzhou')
  await find(other, order.order_no)
  await other.getByText(/^Nothing found for/).waitFor()
  await beside.close()
})
