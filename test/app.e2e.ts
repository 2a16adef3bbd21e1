import type { Browser, Page } from 'playwright-core'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { openAs, openReader, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 2]])
})
afterAll(() => browser.close())

const Manifest = Type.Object({
  name: Type.String(),
  short_name: Type.String(),
  start_url: Type.String(),
  display: Type.Literal('standalone'),
  icons: Type.Array(
    Type.Object({ src: Type.String(), sizes: Type.String(), purpose: Type.String() }),
  ),
})

/** Waits until the page is in the hands of its service worker. */
async function underWorker(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller === null) {
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
    }
  })
}

for (const [lang, name] of [
  ['zh', '经营看板'],
  ['en', 'Tributary'],
] as const) {
  test(`the portal can be installed, under its own name: ${lang}`, async () => {
    const context = await openReader(browser, stack, { lang, width: 390 })
    const page = await openAs(context, stack, 'shanghai')
    await underWorker(page)
    const chromium = await context.newCDPSession(page)
    const { errors, data } = await chromium.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const manifest: unknown = JSON.parse(data ?? '')
    if (!Value.Check(Manifest, manifest)) throw new Error('the manifest is not one')
    expect(manifest.short_name).toBe(name)
    const { installabilityErrors } = await chromium.send('Page.getInstallabilityErrors')
    // A browser of a test keeps nothing, and such a one installs nothing: all else must be in order.
    const others = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')
    expect(others).toEqual([])

    for (const { src, sizes } of manifest.icons) {
      const picture = await page.evaluate(async (url) => {
        const image = new Image()
        image.src = url
        await image.decode()
        return `${image.naturalWidth}x${image.naturalHeight}`
      }, src)
      expect([src, picture]).toEqual([src, sizes])
    }
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable')
    await context.close()
  })
}

test('without a network the page says so and since when, and comes back by itself', async () => {
  const context = await openReader(browser, stack, { width: 390 })
  const page = await openAs(context, stack, 'shanghai')
  await underWorker(page)
  await context.setOffline(true)
  await page.goto(`${stack.web_url}/portal`)
  await page.getByRole('heading', { name: 'There is no network' }).waitFor()
  await expect.poll(() => page.locator('main').innerText(), SOON).toMatch(/Data last came .*20\d\d/)
  expect(await page.locator('main').innerText()).not.toContain('¥')

  await context.setOffline(false)
  await page.waitForURL(/\/portal$/)
  await page.getByRole('region', { name: 'Team sales this month' }).waitFor()
  await context.close()
})

test('what is kept on the device paints the page: no number, no token, no answer of the API', async () => {
  const context = await openReader(browser, stack, { width: 390 })
  const page = await openAs(context, stack, 'shanghai')
  await underWorker(page)
  await page.goto(`${stack.web_url}/portal/links`)
  await page.goto(`${stack.web_url}/portal`)
  const kept = await page.evaluate(async () => {
    const paths: string[] = []
    let text = ''
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        paths.push(new URL(request.url).pathname)
        text += await (await cache.match(request))?.clone().text()
      }
    }
    return { paths, text, storage: Object.keys(localStorage) }
  })
  expect(kept.paths.filter((path) => !path.startsWith('/_app/immutable/'))).toEqual(['/offline'])
  expect(kept.text).not.toContain('Shanghai')
  const [session] = (await context.cookies()).filter(({ name }) => name === 'session')
  expect(session?.value.length).toBeGreaterThan(20)
  expect(kept.text).not.toContain(session?.value)
  expect(kept.storage).toEqual(['last-data-at'])
  await context.close()
})
