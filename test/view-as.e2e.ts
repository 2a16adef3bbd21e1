import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openReader, sidewaysScroll, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'hangzhou', [['tea-100', 2]])
  await payOrder(stack, company, 'shanghai', [['cup-1', 1]])
})
afterAll(() => browser.close())

/** From the audit page, as an administrator does it. */
async function viewAs(page: Page, code: string, reason: string) {
  await page.goto(`${stack.web_url}/audit`)
  await page.getByRole('combobox', { name: 'Distributor' }).fill(code)
  await page.getByLabel('Reason').fill(reason)
  await page.getByRole('button', { name: 'Start viewing' }).click()
}

function tile(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true })
}

/** The numbers of the portal that stand still while nobody sells: all of its tiles, without their ages. */
async function numbersOn(page: Page) {
  const names = ['Team sales this month', 'Where my commission is', 'My team', 'Today']
  const texts: Record<string, string> = {}
  for (const name of names) texts[name] = await tile(page, name).locator('.body').innerText()
  return texts
}

/** The semantic layer, asked from within a page of the portal. */
function askFrom(page: Page) {
  return page.evaluate(async () => {
    const answers: unknown[] = []
    for (const query of [
      { measures: ['sales.revenue_cents'], dimensions: ['sales.distributor_id'] },
      { measures: ['commissions.amount_cents'], dimensions: ['commissions.state'] },
      {
        measures: ['distributors.team_revenue_cents'],
        dimensions: ['distributors.distributor_id'],
      },
      { measures: ['conversion.visits'], dimensions: ['conversion.promo_code'] },
    ]) {
      const asked = encodeURIComponent(
        JSON.stringify({ ...query, order: query.dimensions.map((by) => [by, 'asc']) }),
      )
      const response = await fetch(`/portal/cube/cubejs-api/v1/load?query=${asked}`)
      const { data }: { data: unknown } = await response.json()
      answers.push([response.status, data])
    }
    return answers
  })
}

test('an administrator sees the portal of a distributor, number by number, and is told that he looks on', async () => {
  for (const login of ['hangzhou', 'east']) {
    const [own, looking] = [await openReader(browser, stack), await openReader(browser, stack)]
    const self = await openAs(own, stack, login)
    const admin = await openAs(looking, stack, stack.admin_login)
    await viewAs(admin, login, 'ticket 4711: the sums differ')
    const bar = admin.getByRole('complementary', { name: /You are viewing as/ })
    expect(await bar.innerText()).toMatch(/viewing as (Hangzhou|East China)/)

    await expect.poll(() => numbersOn(admin), SOON).toEqual(await numbersOn(self))
    expect(await askFrom(admin)).toEqual(await askFrom(self))
    await own.close()
    await looking.close()
  }
})

test('his other tabs stay his own while he looks on, and after he ends it', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, stack.admin_login)
  await viewAs(page, 'hangzhou', 'ticket 4712')
  await page.getByRole('button', { name: 'End viewing' }).waitFor()

  const other = await context.newPage()
  const roleOn = () =>
    other.evaluate(async () => {
      const response = await fetch('/api/me')
      const { role }: { role: string } = await response.json()
      return role
    })
  await other.goto(`${stack.web_url}/today`)
  expect(new URL(other.url()).pathname).toBe('/today')
  expect(await roleOn()).toBe('admin')

  await page.getByRole('button', { name: 'End viewing' }).click()
  await page.getByText('Viewing has ended').waitFor()
  await page.goto(`${stack.web_url}/portal`)
  expect(new URL(page.url()).pathname).toBe('/today')
  await context.close()
})

test('while he looks on nothing can be changed, by form or by request', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, stack.admin_login)
  await viewAs(page, 'shanghai', 'ticket 4713')
  await page.getByRole('button', { name: 'End viewing' }).waitFor()
  await page.goto(`${stack.web_url}/portal/links`)
  expect(await page.getByRole('button', { name: 'Make link' }).count()).toBe(0)
  await page.getByText('You are looking on, which changes nothing').waitFor()

  const refusal = await page.evaluate(async (channel_id) => {
    const response = await fetch('/portal/api/promo-links', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel_id, name: 'not his' }),
    })
    const { code }: { code: string } = await response.json()
    return [response.status, code]
  }, company.channels.web)
  expect(refusal).toEqual([403, 'VIEW_AS_READ_ONLY'])
  await context.close()
})

test('start and end are in the log with the reason, for administrators alone', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, stack.admin_login)
  await viewAs(page, 'guangzhou', 'ticket 4714, asked by phone')
  await page.getByRole('button', { name: 'End viewing' }).click()
  await page.getByText('Viewing has ended').waitFor()
  const rows = tile(page, 'Log').getByRole('row').filter({ hasText: 'ticket 4714' })
  const told = await rows.allInnerTexts()
  expect(told.map((text) => text.split('\t').slice(2, 5))).toEqual([
    ['ended viewing as', 'Guangzhou', 'ticket 4714, asked by phone'],
    ['started viewing as', 'Guangzhou', 'ticket 4714, asked by phone'],
  ])
  await context.close()

  for (const login of ['executive', 'operations', 'hangzhou']) {
    const reader = await openReader(browser, stack)
    const other = await openAs(reader, stack, login)
    await other.goto(`${stack.web_url}/audit`)
    expect(new URL(other.url()).pathname).not.toBe('/audit')
    expect(await other.content()).not.toContain('ticket 4714')
    await reader.close()
  }
})

test('without a reason, or as nobody there is, it does not start', async () => {
  const context = await openReader(browser, stack, { hasScript: false })
  const page = await openAs(context, stack, stack.admin_login)
  await viewAs(page, 'nobody', 'ticket 4715')
  await page.getByText('There is no such distributor').waitFor()
  expect(await page.getByLabel('Reason').inputValue()).toBe('ticket 4715')
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing on the log and under the bar, and they fit: ${lang}, ${theme}`, async () => {
      for (const width of [390, 1440]) {
        const context = await openReader(browser, stack, { lang, theme, width })
        const page = await openAs(context, stack, stack.admin_login)
        await page.goto(`${stack.web_url}/audit`)
        expect(await axeViolations(page)).toEqual([])
        expect([width, await sidewaysScroll(page)]).toEqual([width, 0])
        await page.locator('#distributor').fill('east')
        await page.locator('#reason').fill('how it looks')
        await page.locator('form[action="?/start"] button').click()
        await page.waitForURL(/portal/)
        expect(await axeViolations(page)).toEqual([])
        expect([width, await sidewaysScroll(page)]).toEqual([width, 0])
        await context.close()
      }
    })
  }
}
