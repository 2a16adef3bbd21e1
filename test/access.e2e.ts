import type { Browser } from 'playwright-core'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { call, logIn } from './company.ts'
import { payOrder } from './given.ts'
import { openAs, openReader, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const Orders = Type.Object({
  items: Type.Array(
    Type.Object({
      state: Type.String(),
      paid_at: Type.Union([Type.String(), Type.Null()]),
      total_cents: Type.String(),
    }),
  ),
  next: Type.Union([Type.Integer(), Type.Null()]),
})

/** What core-api lets a distributor see of paid orders, summed: the independent truth. */
async function paidCents(login: string): Promise<bigint> {
  const token = await logIn(stack, login)
  let sum = 0n
  let after = 0
  for (;;) {
    const path = `/orders?limit=500${after ? `&after=${after}` : ''}`
    const page: unknown = await call(stack, token, 'GET', path)
    if (!Value.Check(Orders, page)) throw new Error('a page of orders is not what it was')
    // What was called off after it was paid went back.
    for (const { state, paid_at, total_cents } of page.items)
      if (paid_at && state !== 'cancelled') sum += BigInt(total_cents)
    if (page.next === null) return sum
    after = page.next
  }
}

async function teamSales(login: string) {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, login)
  const shown = page.getByRole('region', { name: 'Team sales this month' }).locator('.lead > span')
  return { page, context, exact: () => shown.getAttribute('title') }
}

function yuan(cents: bigint) {
  const text = cents.toString().padStart(3, '0')
  const whole = BigInt(text.slice(0, -2)).toLocaleString('en-US')
  return `¥${whole}.${text.slice(-2)}`
}

test('two distributors each see their own sales and nothing of the other', async () => {
  await payOrder(stack, company, 'shanghai', [['tea-100', 3]])
  await payOrder(stack, company, 'shanghai', [['cup-1', 1]])
  await payOrder(stack, company, 'guangzhou', [['tea-250', 2]])
  const shanghai = await teamSales('shanghai')
  const guangzhou = await teamSales('guangzhou')

  await expect.poll(shanghai.exact, SOON).toBe(yuan(await paidCents('shanghai')))
  await expect.poll(guangzhou.exact, SOON).toBe(yuan(await paidCents('guangzhou')))
  expect(await paidCents('shanghai')).not.toBe(await paidCents('guangzhou'))
  expect(await guangzhou.page.content()).not.toContain('Shanghai')
  expect(await shanghai.page.content()).not.toContain('Guangzhou')
  await shanghai.context.close()
  await guangzhou.context.close()
})

test('a sponsor sees all that is below him, and it adds up', async () => {
  await payOrder(stack, company, 'hangzhou', [['tea-100', 1]])
  const east = await teamSales('east')

  await expect.poll(east.exact, SOON).toBe(yuan(await paidCents('east')))
  expect(await paidCents('east')).toBe(
    (await paidCents('shanghai')) + (await paidCents('hangzhou')),
  )
  await east.context.close()
})

/** Asks as the signed-in page would, so that nothing but the role stands in the way. */
async function ask(login: string, path: string, body?: unknown) {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, login)
  const answer = await page.evaluate(
    async ({ path, body }) => {
      const response = await fetch(path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const value: unknown = await response.json()
      return { status: response.status, value }
    },
    { path, body },
  )
  await context.close()
  return answer
}

test('profit and stock are refused to a distributor with a reason, the rest of the batch is answered', async () => {
  const queries = [
    { measures: ['profit.net_profit_cents'] },
    { measures: ['stock.on_hand'] },
    { measures: ['sales.revenue_cents'] },
  ]
  const { value } = await ask('shanghai', '/cube/batch', { queries })

  expect(value).toMatchObject({
    results: [{ problem: { status: 403 } }, { problem: { status: 403 } }, { data: [{}] }],
  })
})

test('asking for the other one by id gives nothing, not his numbers', async () => {
  const guangzhou = String(company.distributors.guangzhou)
  const filters = [{ member: 'sales.distributor_id', operator: 'equals', values: [guangzhou] }]
  const { value } = await ask('shanghai', '/cube/batch', {
    queries: [{ measures: ['sales.revenue_cents', 'sales.order_count'], filters }],
  })

  expect(value).toMatchObject({
    results: [{ data: [{ 'sales.revenue_cents': '0', 'sales.order_count': '0' }] }],
  })
})

test('each role stays on its own pages', async () => {
  for (const [login, wanted, home] of [
    ['shanghai', '/today', '/portal'],
    ['warehouse', '/portal', '/today'],
  ] as const) {
    const context = await openReader(browser, stack)
    const page = await openAs(context, stack, login)
    await page.goto(stack.web_url + wanted)
    expect(new URL(page.url()).pathname).toBe(home)
    await context.close()
  }
})

test('what is not listed is not there, and without a session there is nothing', async () => {
  expect((await ask('shanghai', '/api/sessions')).status).toBe(404)
  expect((await ask('shanghai', '/api/analytics-tokens', {})).status).toBe(404)
  expect((await ask('executive', '/cube/cubejs-api/v1/sql')).status).toBe(404)
  expect((await ask('executive', '/api/..%2Fsessions')).status).toBe(404)

  const response = await fetch(`${stack.web_url}/api/orders`)
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ code: 'NOT_SIGNED_IN' })
})
