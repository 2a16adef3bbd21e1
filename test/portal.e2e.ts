import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { call, logIn } from './company.ts'
import { payOrder } from './given.ts'
import { openAs, openAwake, openReader, SOON } from './web-page.ts'

/** Longer than a change takes to a page. */
const QUIET_MS = 3_000

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'hangzhou', [['tea-100', 2]])
})
afterAll(() => browser.close())

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

/** The exact amount that rides along with the headline, in cents. */
async function teamCents(page: Page): Promise<number> {
  const lead = tile(page, 'Team sales this month').locator('.lead > span')
  return cents((await lead.getAttribute('title')) ?? '')
}

function cents(text: string) {
  const digits = text.replace(/[^\d]/g, '')
  if (digits === '') throw new Error(`no amount in "${text}"`)
  return (text.includes('.') ? 1 : 100) * Number(digits) * (text.includes('−') ? -1 : 1)
}

test('an order paid while the page is open moves it to the cent, without a reload', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  const before = await teamCents(page)
  await page.evaluate(() => (document.body.dataset.mark = 'same document'))

  await payOrder(stack, company, 'hangzhou', [
    ['tea-100', 1],
    ['cup-1', 2],
  ])

  await expect.poll(() => teamCents(page), SOON).toBe(before + 3333 + 2 * 12801)
  expect(await page.evaluate(() => document.body.dataset.mark)).toBe('same document')
  await context.close()
})

test('a page is not asked again for what others sell, and is told of nobody but its own', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  const before = await teamCents(page)
  // What came up to the page's opening may still be asked.
  await sleep(QUIET_MS)
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))

  await payOrder(stack, company, 'guangzhou', [['tea-100', 1]])
  await sleep(QUIET_MS)
  expect(asked).not.toContain('/portal/cube/batch')
  const told = await page.evaluate(async () => (await fetch('/live?once')).text())
  expect(told).not.toContain('touched')

  await payOrder(stack, company, 'hangzhou', [['tea-100', 1]])
  await expect.poll(() => teamCents(page), SOON).toBe(before + 3333)
  expect(asked).toContain('/portal/cube/batch')
  await context.close()
})

test('the commission that an order earns is explained down to its line, rate and rule', async () => {
  const context = await openReader(browser, stack)
  await payOrder(stack, company, 'hangzhou', [['tea-250', 1]])
  const page = await openAs(context, stack, 'hangzhou')
  await expect
    .poll(() => tile(page, 'Where my commission is').innerText(), SOON)
    .toContain('Pending')

  await page.getByRole('link', { name: 'Why Pending' }).click()
  const drawer = page.getByRole('dialog')
  await expect.poll(() => drawer.innerText(), SOON).toContain('Green tea 250 g')
  const said = await drawer.innerText()
  // A tenth of 79.99 is 7.999: a commission is rounded down.
  expect(said).toContain('paid ¥79.99 × 10%')
  expect(said).toContain('+¥7.99')
  expect(said).toContain('rule 1')

  const [direct, second, total] = await drawer.locator('dd').allInnerTexts()
  expect(cents(direct ?? '') + cents(second ?? '')).toBe(cents(total ?? ''))

  await page.keyboard.press('Escape')
  await expect.poll(() => drawer.count(), SOON).toBe(0)
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('href'))
  expect(focused).toBe('?why=pending')
  await context.close()
})

test('a sponsor is shown the way the money came', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'east')

  await openAwake(page, stack, '/portal?why=pending')
  await expect
    .poll(() => page.getByRole('dialog').innerText(), SOON)
    .toMatch(/second level.*you ← Hangzhou/s)
  await context.close()
})

test('the drawer opens and closes without JavaScript', async () => {
  const context = await openReader(browser, stack, { hasScript: false })
  const page = await openAs(context, stack, 'hangzhou')

  await page.getByRole('link', { name: 'Why Pending' }).click()
  expect(await page.getByRole('dialog').innerText()).toContain('rule 1')
  await page.getByRole('link', { name: 'Close' }).click()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await context.close()
})

test('every line behind an amount can be taken along, and the lines add up to it', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  await openAwake(page, stack, '/portal?why=pending')
  const drawer = page.getByRole('dialog')
  const total = cents((await drawer.locator('dd').last().innerText()) ?? '')
  const saving = page.waitForEvent('download')
  await drawer.getByRole('link', { name: /^Download \d+ lines$/ }).click()
  const text = await readFile(await (await saving).path(), 'utf8')
  const [head, ...lines] = text.trim().split('\r\n')
  const column = head?.split('","').indexOf('Commission') ?? -1
  const sum = lines.reduce((all, line) => all + cents(line.split('","')[column] ?? ''), 0)
  expect(sum).toBe(total)
  await drawer.getByText('Equal to the commission ledger to the cent').waitFor()
  await context.close()
})

test('the latest orders of the team stand there with their state, and no customer', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'east')
  const order = await payOrder(stack, company, 'shanghai', [['cup-1', 1]])
  const cell = page.getByRole('cell', { name: String(order.id), exact: true })
  const row = tile(page, 'Latest orders').getByRole('row').filter({ has: cell })
  await expect.poll(() => row.allInnerTexts(), SOON).toHaveLength(1)
  // Placed and paid are two commits: the page may have seen the first of them alone.
  await expect.poll(() => row.innerText(), SOON).toMatch(/Shanghai.*Web shop.*to ship.*¥128\.01/s)
  expect(await page.content()).not.toContain('Shanghai customer')
  await context.close()
})

test('a goal shows how far it is and where the pace leads, to him alone', async () => {
  const admin = await logIn(stack, stack.admin_login)
  await call(stack, admin, 'POST', '/goals', {
    measure: 'sales.revenue_cents',
    distributor_id: company.distributors.hangzhou,
    period: 'year',
    on: new Date().toISOString().slice(0, 10),
    target: '1',
  })
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  const said = await tile(page, 'Goals').innerText()
  expect(said).toContain('Team sales')
  expect(said).toContain('reached')
  await context.close()

  for (const login of ['shanghai', 'east', 'guangzhou']) {
    const other = await openReader(browser, stack)
    const portal = await openAs(other, stack, login)
    expect(await tile(portal, 'Goals').innerText()).toContain('No goal is set for you')
    await other.close()
  }
})

test('a place among siblings is told by number, never by name', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  const rank = tile(page, 'My rank')
  await expect.poll(() => rank.innerText(), SOON).toMatch(/[12]\s*\/ 2/)
  expect(await rank.innerText()).not.toMatch(/Shanghai|Hangzhou/)
  // Two are too few to show: a figure would be a name.
  expect(await rank.innerText()).toContain('Fewer than 5 stand beside you')
  expect(await rank.innerText()).not.toContain('behind rank')
  await context.close()
})

test('days stand below the lines of the month, and amounts beside them', async () => {
  const context = await openReader(browser, stack, { width: 390, height: 844 })
  const page = await openAs(context, stack, 'hangzhou')
  const lines = await page.getByRole('slider').boundingBox()
  if (!lines) throw new Error('the month has no chart')
  for (const day of await page.locator('figure .day').all()) {
    expect((await day.boundingBox())?.y).toBeGreaterThanOrEqual(lines.y + lines.height)
  }
  for (const amount of await page.locator('figure .tick-label').all()) {
    const box = await amount.boundingBox()
    expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual(lines.x)
  }
  await context.close()
})

test('behind the chart stands a table with the same last number', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')

  await page.getByRole('button', { name: 'Team sales this month: Show table' }).click()
  const rows = tile(page, 'Team sales this month').locator('tbody tr')
  // Somebody may buy between the two.
  const shown = async () => cents(await rows.last().locator('td').nth(1).innerText())
  await expect.poll(async () => (await teamCentsOfApi()) - (await shown()), SOON).toBe(0)
  await context.close()
})

/** The semantic layer asked straight, as the independent side of the comparison. */
async function teamCentsOfApi() {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  const sum = await page.evaluate(async () => {
    const query = { measures: ['sales.revenue_cents'] }
    const response = await fetch(
      `/cube/cubejs-api/v1/load?query=${encodeURIComponent(JSON.stringify(query))}`,
    )
    const answer = await response.json()
    return Number(answer.data[0]['sales.revenue_cents'])
  })
  await context.close()
  return sum
}

test('the chart is read by the arrow keys, and Escape puts the reading away', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  await openAwake(page, stack, '/portal')
  const chart = page.getByRole('slider')

  await chart.focus()
  await page.keyboard.press('ArrowLeft')
  const today = await chart.getAttribute('aria-valuetext')
  expect(today).toMatch(/this month ¥[\d,.]+/)
  await page.keyboard.press('Home')
  expect(await chart.getAttribute('aria-valuetext')).toMatch(/^1 /)
  await page.keyboard.press('Escape')
  expect(await page.locator('.tip').count()).toBe(0)
  await context.close()
})
