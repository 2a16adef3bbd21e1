import { createServer, type Server } from 'node:http'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { call, logIn } from './company.ts'
import { axeViolations, openAs, openReader, sidewaysScroll, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser
let shop: Server
/** What the shop was asked for, as a shop sees its visitors arrive. */
const arrivals: URL[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  shop = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop')
    // A browser asks for a picture of its own beside the page.
    if (url.pathname === '/start') arrivals.push(url)
    response.setHeader('content-type', 'text/html').end('<h1>The shop</h1>')
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  const admin = await logIn(stack, stack.admin_login)
  const url = `http://127.0.0.1:${portOf(shop)}/start`
  await call(stack, admin, 'PATCH', `/channel-shops/${company.channels.web}`, { url })
})
afterAll(async () => {
  await browser.close()
  shop.close()
})

function portOf(server: Server) {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the shop has no port')
  return address.port
}

/** Made on the page, as a distributor makes it; answers with its code. */
async function makeLink(page: Page, name: string): Promise<string> {
  await page.goto(`${stack.web_url}/portal/links`)
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Make link' }).click()
  const said = page.getByText(/^[0-9A-Z]{7} is ready$/)
  await said.waitFor()
  return (await said.innerText()).slice(0, 7)
}

/** A visitor's own browser, without any session. */
async function follow(code: string) {
  const context = await openReader(browser, stack)
  const page = await context.newPage()
  const response = await page.goto(`${stack.web_url}/r/${code}`)
  return { context, page, response }
}

function stepsOf(page: Page, name: string) {
  return page.getByRole('listitem', { name }).locator('dd').allInnerTexts()
}

test('a link is made, followed to the shop, bought through, and shows what it brought', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'shanghai')
  const code = await makeLink(page, 'Window poster')

  const visitor = await follow(code)
  expect(await visitor.page.getByRole('heading').innerText()).toBe('The shop')
  const arrived = arrivals.at(-1)
  expect(arrived?.pathname).toBe('/start')
  expect(arrived?.searchParams.get('promo')).toBe(code)
  const visit_id = arrived?.searchParams.get('visit') ?? ''
  const cookies = await visitor.context.cookies(stack.web_url)
  const remembered = Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
  expect(remembered).toMatchObject({ promo: code, visit: `${code}.${visit_id}` })

  // Coming back soon is the same visit; somebody else is another.
  await visitor.page.goto(`${stack.web_url}/r/${code.toLowerCase()}`)
  expect(arrivals.at(-1)?.searchParams.get('visit')).toBe(visit_id)
  const another = await follow(code)
  expect(arrivals.at(-1)?.searchParams.get('visit')).not.toBe(visit_id)

  const admin = await logIn(stack, stack.admin_login)
  const order = await call(stack, admin, 'POST', '/orders', {
    channel_id: company.channels.web,
    visit_id,
    lines: [{ sku_id: company.skus['tea-100'], quantity: 1 }],
  })
  expect(order).toMatchObject({ distributor_id: company.distributors.shanghai })
  await call(stack, admin, 'POST', `/orders/${Object(order).id}/pay`, {})

  await expect
    .poll(() => stepsOf(page, 'Window poster'), SOON)
    .toEqual(['2', '1', '1', '1', '50.0%'])
  for (const one of [context, visitor.context, another.context]) await one.close()
})

test('the QR code on the page decodes to the link, and is what the download saves', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'shanghai')
  const code = await makeLink(page, 'For scanning')
  const source = await page.getByAltText(`QR code of ${code}`).getAttribute('src')
  const answer = await page.request.get(`${stack.web_url}${source}`)
  expect(answer.headers()['content-type']).toBe('image/png')
  const { data, width, height } = PNG.sync.read(await answer.body())
  const read = jsQR.default(new Uint8ClampedArray(data), width, height)
  expect(read?.data).toBe(`${stack.web_url}/r/${code}`)

  const saving = page.waitForEvent('download')
  const item = page.getByRole('listitem', { name: 'For scanning' })
  await item.getByRole('link', { name: 'Download QR code' }).click()
  expect((await saving).suggestedFilename()).toBe(`${code}.png`)
  await context.close()
})

test('a link that was disabled leads to a plain page and counts nobody, until it is used again', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'shanghai')
  const code = await makeLink(page, 'Old leaflet')
  await page.getByRole('button', { name: 'Disable: Old leaflet' }).click()
  await page.getByRole('button', { name: 'Use again: Old leaflet' }).waitFor()

  const before = arrivals.length
  for (const dead of [code, 'ZZZZZZZ', 'no-such-code']) {
    const visitor = await follow(dead)
    expect(visitor.response?.status()).toBe(404)
    expect(await visitor.page.getByRole('heading').innerText()).toBe('This link does not work')
    expect(await visitor.context.cookies()).not.toContainEqual(
      expect.objectContaining({ name: 'promo' }),
    )
    await visitor.context.close()
  }
  expect(arrivals).toHaveLength(before)

  await page.getByRole('button', { name: 'Use again: Old leaflet' }).click()
  await page.getByRole('button', { name: 'Disable: Old leaflet' }).waitFor()
  const visitor = await follow(code)
  expect(await visitor.page.getByRole('heading').innerText()).toBe('The shop')
  await visitor.context.close()
  await context.close()
})

test('nothing in the address of a link sends a visitor to another host', async () => {
  for (const path of ['/r/%2F%2Fevil.test', '/r/ZZZZZZZ?url=https://evil.test', '/r/..%2Flogin']) {
    const answer = await fetch(stack.web_url + path, { redirect: 'manual' })
    const location = answer.headers.get('location')
    expect([path, location === null || location.startsWith('/')]).toEqual([path, true])
  }
})

test('a visit asks anew for the tile of links and for no other', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'guangzhou')
  const code = await makeLink(page, 'Alone')
  await page.goto(`${stack.web_url}/portal`)
  const tile = page.getByRole('region', { name: 'My promo code' })
  await tile.scrollIntoViewIfNeeded()
  const views = new Set<string>()
  page.on('request', (request) => {
    if (!request.url().endsWith('/portal/cube/batch')) return
    for (const [view] of (request.postData() ?? '').matchAll(/(?<=")[a-z_]+(?=\.[a-z_]+")/g)) {
      views.add(view)
    }
  })
  // The first visit also lets whatever the page still had to ask come to rest.
  for (const seen of ['1', '2']) {
    views.clear()
    const visitor = await follow(code)
    await expect.poll(() => tile.locator('dd').first().innerText(), SOON).toBe(seen)
    await visitor.context.close()
  }
  expect([...views]).toEqual(['conversion_cohort'])
  await context.close()
})

test('a browser that only fetches ahead has not visited', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'hangzhou')
  const code = await makeLink(page, 'Fetched ahead')
  const before = arrivals.length
  const answer = await fetch(`${stack.web_url}/r/${code}`, {
    headers: { 'sec-purpose': 'prefetch;prerender' },
    redirect: 'manual',
  })
  expect(answer.headers.get('location')).toBeNull()
  expect(answer.headers.get('set-cookie') ?? '').not.toContain('promo=')
  expect(arrivals).toHaveLength(before)
  await context.close()
})

test('a distributor is shown his own links only', async () => {
  const owner = await openReader(browser, stack)
  const name = 'Only for Hangzhou'
  const code = await makeLink(await openAs(owner, stack, 'hangzhou'), name)
  for (const login of ['east', 'shanghai', 'guangzhou']) {
    const context = await openReader(browser, stack)
    const page = await openAs(context, stack, login)
    await page.goto(`${stack.web_url}/portal/links`)
    expect(await page.content()).not.toContain(code)
    expect(await page.content()).not.toContain(name)
    await context.close()
  }
  await owner.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing on the links and on a dead link, and they fit: ${lang}, ${theme}`, async () => {
      for (const width of [390, 1440]) {
        const context = await openReader(browser, stack, { lang, theme, width })
        const page = await openAs(context, stack, 'shanghai')
        for (const path of ['/portal/links', '/r/ZZZZZZZ', '/offline']) {
          await page.goto(stack.web_url + path)
          expect([path, await axeViolations(page)]).toEqual([path, []])
          expect([path, width, await sidewaysScroll(page)]).toEqual([path, width, 0])
        }
        await context.close()
      }
    })
  }
}
