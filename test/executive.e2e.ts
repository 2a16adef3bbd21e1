import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { call, logIn } from './company.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

const PAGES = ['conversion', 'distributors', 'products', 'customers']

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 5]])
  await payOrder(stack, company, 'hangzhou', [['tea-250', 1]])
  await payOrder(stack, company, 'guangzhou', [['cup-1', 1]])
  await visit('far', ['visit', 'view', 'cart'])
  await visit('near', ['visit', 'view'])
})
afterAll(() => browser.close())

/** One visit of the web shop and the steps it took, as the shop's tracker tells them. */
async function visit(id: string, steps: string[]) {
  const token = await logIn(stack, stack.admin_login)
  const events = steps.map((step) => ({
    visit_id: `executive-${id}`,
    step,
    channel_id: company.channels.web,
  }))
  await call(stack, token, 'POST', '/funnel-events', { events })
}

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

async function openPage(slug: string, reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, `/${slug}`, reader)
  return { context, page }
}

test('a visit that goes a step further moves the funnel, and no step is larger than the one before', async () => {
  const { context, page } = await openPage('conversion', { height: 2000 })
  const counts = async () =>
    (await tile(page, 'Funnel').locator('li:not(.between) .num:not(.soft)').allInnerTexts()).map(
      Number,
    )
  await expect.poll(async () => (await counts()).length, SOON).toBe(5)
  const [visits = 0, viewed = 0, carted = 0] = await counts()
  expect(visits).toBeGreaterThanOrEqual(viewed)

  await visit('near', ['cart'])
  await expect.poll(async () => (await counts())[2], SOON).toBe(carted + 1)
  const after = await counts()
  expect(after).toEqual(after.toSorted((a, b) => b - a))
  await context.close()
})

test('one channel picked filters every tile of the page, is in the address, and Back undoes it', async () => {
  const { context, page } = await openPage('conversion', { height: 2000 })
  const sources = tile(page, 'Where visits come from')
  await sources.getByRole('link', { name: 'Web shop' }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('channel'), SOON).toBe('web')
  await expect
    .poll(() => sources.getByRole('link', { name: 'Web shop' }).getAttribute('aria-current'), SOON)
    .toBe('true')
  await page.goBack()
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('')
  await context.close()
})

test('a node of the network is a place in the address: opened, told in full, and undone by Back', async () => {
  const { context, page } = await openPage('distributors', { height: 2000 })
  const network = tile(page, 'How much hangs below whom')
  const outline = network.getByRole('treegrid')
  await outline.getByRole('link', { name: 'East China' }).click()
  await expect
    .poll(() => new URL(page.url()).searchParams.get('network.at'), SOON)
    .toBe(`${company.distributors.east}`)
  const pane = network.getByRole('group', { name: 'East China' })
  await expect.poll(() => pane.innerText(), SOON).toContain('How sales below are spread')
  await expect.poll(() => outline.innerText(), SOON).toContain('Shanghai')
  await expect
    .poll(() => outline.getByRole('row', { selected: true }).innerText(), SOON)
    .toContain('East China')

  await page.goBack()
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('')
  await context.close()
})

test('the outline is worked through by keyboard: down, open, shut', async () => {
  const { context, page } = await openPage('distributors', { height: 2000 })
  const outline = tile(page, 'How much hangs below whom').getByRole('treegrid')
  await outline.getByRole('row').nth(1).focus()
  await page.keyboard.press('ArrowLeft')
  const shut = outline.getByRole('row', { expanded: false })
  await expect.poll(() => shut.count(), SOON).toBe(1)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent ?? ''), SOON)
    .toMatch(/East China|South China/)
  await context.close()
})

test('the whole network is what all distributors sold, to the cent', async () => {
  const { context, page } = await openPage('distributors', { height: 2000 })
  const outline = tile(page, 'How much hangs below whom').getByRole('treegrid')
  const row = outline.getByRole('row').nth(1)
  const whole = await row.locator('.sales .num').getAttribute('title')
  const asked = await page.evaluate(async () => {
    const query = JSON.stringify({ measures: ['distributor_performance.own_revenue_cents'] })
    const response = await fetch(`/cube/cubejs-api/v1/load?query=${encodeURIComponent(query)}`)
    return (await response.json()).data[0]['distributor_performance.own_revenue_cents']
  })
  expect((whole ?? '').replace(/\D/g, '')).toBe(String(asked))
  await context.close()
})

test('a ranking is sorted by its heads, and its numbers lead to orders', async () => {
  const { context, page } = await openPage('products', { height: 2400 })
  const velocity = tile(page, 'Velocity')
  await expect.poll(() => velocity.innerText(), SOON).toContain('Green tea 100 g')
  await velocity.getByRole('link', { name: 'Units' }).click()
  await expect
    .poll(() => new URL(page.url()).searchParams.get('velocity.sort'), SOON)
    .toBe('units-desc')
  await velocity
    .getByRole('row', { name: /Green tea 100 g/ })
    .locator('td a')
    .first()
    .click()
  await expect
    .poll(() => new URL(page.url()).searchParams.get('drill'), SOON)
    .toBe(`velocity~${company.skus['tea-100']}`)
  await context.close()
})

test('cells of a cohort are reached by arrow keys, and each says what it is', async () => {
  const { context, page } = await openPage('customers', { height: 2400 })
  const grid = tile(page, 'How recent, how often').getByRole('grid')
  await grid.getByRole('gridcell').first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  const spoken = await page.evaluate(() => document.activeElement?.getAttribute('title'))
  expect(spoken).toMatch(/^Recency 4, Frequency 2, Customers /)
  await tile(page, 'Cohorts').getByRole('link', { name: 'Revenue' }).click()
  await expect
    .poll(() => new URL(page.url()).searchParams.get('cohorts.of'), SOON)
    .toBe('revenue_cents')
  await context.close()
})

test('every chart has its numbers behind it', async () => {
  const { context, page } = await openPage('customers', { height: 2400 })
  for (const name of ['Cohorts', 'How recent, how often', 'Segments', 'New and returning']) {
    await tile(page, name)
      .getByRole('button', { name: `${name}: Show table` })
      .click()
    expect(await tile(page, name).getByRole('table').count()).toBe(1)
  }
  await context.close()
})

for (const slug of PAGES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`${slug} has nothing a screen reader stumbles over: ${theme}`, async () => {
      const lang = theme === 'light' ? 'en' : 'zh'
      const { context, page } = await openPage(slug, { theme, lang })
      expect(await axeViolations(page)).toEqual([])
      await context.close()
    })
  }

  test(`${slug} fits a phone, a laptop and a wall: nothing scrolls sideways`, async () => {
    const { context, page } = await openPage(slug)
    for (const width of [360, 768, 1280, 2560]) {
      await page.setViewportSize({ width, height: 1200 })
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
    }
    await context.close()
  })
}

test('operations see Products and no page about money of distributors', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'operations')
  const rail = page.getByRole('navigation', { name: 'Main' }).first()
  expect(await rail.getByRole('link', { name: 'Products' }).count()).toBe(1)
  expect(await rail.getByRole('link', { name: 'Distributors' }).count()).toBe(0)
  await context.close()
})
