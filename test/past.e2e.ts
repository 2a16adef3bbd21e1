/** What needs weeks behind it: a company of its own, whose past the market posts through the ledgers. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Locator, Page } from 'playwright-core'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { root } from '../local/root.ts'
import { launchBrowser } from './browser.ts'
import { openStack } from './stack.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const ORDERS_PER_SECOND = 0.0005
const CAUGHT_UP = { timeout: 90_000, interval: 500 }
const SIBLINGS = 8
const SKUS = 24

let browser: Browser
let opened: Awaited<ReturnType<typeof openStack>>
let sql: postgres.Sql

beforeAll(async () => {
  opened = await openStack()
  sql = postgres(opened.stack.database_url, { max: 1, onnotice: () => {} })
  await widen()
  await promisify(execFile)(
    process.execPath,
    [
      join(root, 'bench/market/history.ts'),
      ...['--until', new Date().toISOString(), '--rate', String(ORDERS_PER_SECOND)],
    ],
    { env: { ...process.env, DATABASE_URL: opened.stack.database_url } },
  )
  browser = await launchBrowser()
  await seen()
})
afterAll(async () => {
  await browser.close()
  await sql.end()
  await opened.close()
})

/** Enough goods for three classes, and enough siblings that a figure is nobody's name. */
async function widen() {
  await sql`
    with made as (
      insert into product (code, name, category)
      select 'p' || n, 'Product ' || n, 'Ware' from generate_series(1, ${SKUS}) as n
      returning id, code
    ),
    kind as (
      insert into sku (product_id, code, name) select id, code || '-1', 'Kind of ' || code from made
      returning id, code
    )
    insert into price (sku_id, price_cents, valid)
    select id, 999 + 1313 * row_number() over (order by id), tstzrange('-infinity', null) from kind
  `
  await sql`
    with leaf as (
      insert into distributor (code, name, region, parent_id)
      select 'leaf-' || n, 'Leaf ' || n, 'East', (select id from distributor where code = 'east')
      from generate_series(1, ${SIBLINGS}) as n
      returning id, code
    )
    insert into customer (code, name, segment, distributor_id)
    select 'of-' || code, 'Customer of ' || code, 'Consumer', id from leaf
  `
}

/** Every order written is on the page once the stream has brought all of them. */
async function seen() {
  const context = await openReader(browser, opened.stack, { height: 1400 })
  const page = await openAs(context, opened.stack, 'executive')
  const [first] = await soldWhole()
  await vi.waitFor(async () => {
    await openAwake(page, opened.stack, '/products')
    expect(await slider(page, PARETO).count()).toBe(1)
    await slider(page, PARETO).press('Home')
    expect(await said(page, PARETO)).toContain(`1. ${first?.name}, ${money(first?.revenue)}`)
  }, CAUGHT_UP)
  await context.close()
}

type Sold = { id: string; name: string; units: string; revenue: string; share: string }

/** Whole weeks before today, paid less refunds, largest first, as docs/measures.md says it; what came first makes `share`. */
async function soldWhole() {
  return await sql<Sold[]>`
    select *, round(100 * sum(revenue) over (order by revenue desc, id) / sum(revenue) over (), 4) as share
    from (
      select sku.id, sku.name, sum(quantity) as units,
        -sum(amount_cents) filter (where account <> 'cogs') as revenue
      from sku
      join journal_entry on journal_entry.sku_id = sku.id
      where account in ('sales', 'discount', 'refund', 'cogs')
        and journal_entry.business_day between business_day(now()) - 91 and business_day(now()) - 1
      group by sku.id
    ) as sold
    where revenue > 0
    order by revenue desc, id
  `
}

const PARETO = 'How few make the revenue'
const COVER = 'Velocity against cover'

function tile(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}
function slider(page: Page, name: string): Locator {
  return tile(page, name).getByRole('slider')
}
async function said(page: Page, name: string): Promise<string> {
  return (await slider(page, name).getAttribute('aria-valuetext')) ?? ''
}
function money(cents = ''): string {
  const [whole, rest] = [cents.slice(0, -2), cents.slice(-2)]
  return `¥${Number(whole).toLocaleString('en')}.${rest}`
}

async function openProducts(reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, opened.stack, { height: 1400, ...reader })
  const page = await openAs(context, opened.stack, 'executive')
  await openAwake(page, opened.stack, '/products', reader)
  return { context, page }
}

test('the Pareto tells every SKU, what it made and what was made up to it, to the cent', async () => {
  const { context, page } = await openProducts()
  const sold = await soldWhole()
  expect(sold.length).toBeGreaterThan(SKUS / 2)
  await slider(page, PARETO).press('Home')
  for (const [index, { name, revenue, share }] of sold.entries()) {
    const text = await said(page, PARETO)
    expect(text).toContain(`${index + 1}. ${name}, ${money(revenue)}, `)
    expect(Number(/([\d.]+)%/.exec(text)?.[1])).toBeCloseTo(Number(share), 0)
    const before = Number(sold[index - 1]?.share ?? 0)
    expect(text).toMatch(before < 80 ? /A$/ : before < 95 ? /B$/ : /C$/)
    await slider(page, PARETO).press('ArrowRight')
  }
  await context.close()
})

test('Enter on a SKU of the Pareto opens its orders, which add up to it though the page’s period is another', async () => {
  const { context, page } = await openProducts()
  const [first] = await soldWhole()
  await slider(page, PARETO).press('Home')
  await slider(page, PARETO).press('Enter')
  await expect.poll(() => page.url(), SOON).toContain(`drill=pareto%7E${first?.id}`)
  await expect.poll(() => page.getByRole('dialog').innerText(), SOON).toContain(first?.name)
  expect(await page.getByRole('dialog').innerText()).toContain(money(first?.revenue))
  await context.close()
})

test('the scatter has each SKU that sold where its units put it, and says which corner', async () => {
  const { context, page } = await openProducts()
  const sold = await soldWhole()
  await slider(page, COVER).press('Home')
  const told = new Map<string, string>()
  const last = Number(await slider(page, COVER).getAttribute('aria-valuemax'))
  for (let index = 0; index <= last; index++) {
    const text = await said(page, COVER)
    told.set(text.split(', Units sold ')[0] ?? '', text)
    await slider(page, COVER).press('ArrowRight')
  }
  expect(told.size).toBeGreaterThan(0)
  for (const [name, text] of told) {
    const units = Number(sold.find((row) => row.name === name)?.units)
    expect(text).toContain(`Units sold ${units.toLocaleString('en')}, Days of cover `)
    expect(text).toMatch(units >= 13 ? /Fast, / : /Slow, /)
  }
  await context.close()
})

test('a distributor reads how far the next place is, and nobody else’s name', async () => {
  const team = await sql<{ login: string; name: string; cents: string }[]>`
    select app_user.login, distributor.name, coalesce(sum(amount_cents), 0) as cents
    from distributor
    left join app_user on app_user.distributor_id = distributor.id
    left join journal_entry on ancestor_ids @> array[distributor.id] and account = 'cash'
      and order_id is not null
      and business_day >= date_trunc('month', business_day(now())::timestamp)::date
    where distributor.parent_id = (select id from distributor where code = 'east')
    group by app_user.login, distributor.id
    order by cents desc, distributor.id
  `
  const place = team.findIndex(({ login }) => login === 'shanghai')
  const own = team[place]
  const ahead = team[place - 1]
  const gap = BigInt(ahead?.cents ?? 0) - BigInt(own?.cents ?? 0)
  const context = await openReader(browser, opened.stack, { width: 390 })
  const page = await openAs(context, opened.stack, 'shanghai')
  await openAwake(page, opened.stack, '/portal', { width: 390 })
  const rank = tile(page, 'My rank')
  if (ahead) {
    const wanted = gap > 0n ? `behind rank ${place}` : `level with rank ${place}`
    await expect.poll(() => rank.innerText(), SOON).toContain(wanted)
    if (gap > 0n) expect(await rank.innerText()).toContain(money(String(gap)))
  }
  const all = await page.locator('main').innerText()
  for (const { name, login } of team) if (login !== 'shanghai') expect(all).not.toContain(name)
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing for axe to say of goods that sold, and they fit: ${lang}, ${theme}`, async () => {
      const { context, page } = await openProducts({ lang, theme })
      await page.waitForSelector('#cover .area')
      expect(await axeViolations(page)).toEqual([])
      for (const width of [360, 390, 768, 1440, 2560]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await sidewaysScroll(page), `${width} ${lang}`).toBeLessThanOrEqual(0)
      }
      await context.close()
    })
  }
}
