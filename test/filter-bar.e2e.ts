import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
const WIDTHS = [768, 1280, 1440, 1700]
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 2]])
  await payOrder(stack, company, 'guangzhou', [['cup-1', 1]])
})
afterAll(() => browser.close())

async function open(path: string, reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, reader)
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, path, reader)
  return { context, page }
}

function badgeOf(page: Page) {
  return page.locator('.filterbar > details > summary')
}

async function boxOf(part: Locator) {
  const box = await part.boundingBox()
  if (!box) throw new Error('not on the page')
  return box
}

/** What of the bar stands where the badge or its neighbour does. */
async function meetings(page: Page) {
  const badge = await boxOf(badgeOf(page))
  const more = page.locator('.filterbar > button')
  const others = [badge, ...((await more.count()) > 0 ? [await boxOf(more)] : [])]
  const met: string[] = []
  for (const chip of await page.locator('.chips summary').all()) {
    const box = await boxOf(chip)
    const meets = others.some(
      (other) =>
        box.x < other.x + other.width &&
        other.x < box.x + box.width &&
        box.y < other.y + other.height &&
        other.y < box.y + box.height,
    )
    if (meets) met.push(await chip.innerText())
  }
  return met
}

for (const lang of ['zh', 'en'] as const) {
  test(`no chip stands where the badge does, at any width, folded or not: ${lang}`, async () => {
    for (const path of ['/profit', '/sales']) {
      const { context, page } = await open(path, { lang })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 })
        await expect.poll(() => meetings(page), SOON).toEqual([])
        const more = page.locator('.filterbar > button')
        if ((await more.count()) > 0) {
          await more.click()
          await expect.poll(() => more.getAttribute('aria-expanded'), SOON).toBe('true')
          expect(await meetings(page), `${path} ${width}, open`).toEqual([])
          await more.click()
        }
        expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
      }
      await context.close()
    }
  })
}

test('chips without room are counted, shown when asked for, and found by the key of the first', async () => {
  const { context, page } = await open('/profit', { width: 768 })
  const more = page.getByRole('button', { name: /^\d+ more$/ })
  await expect.poll(() => more.count(), SOON).toBe(1)
  const product = page.locator('.chips summary', { hasText: 'Product' })
  const bar = () => boxOf(page.locator('.filterbar'))
  const isInBar = async () => {
    const [box, outer] = [await boxOf(product), await bar()]
    return box.y + box.height <= outer.y + outer.height
  }
  expect(await isInBar()).toBe(false)
  await more.click()
  await expect.poll(isInBar, SOON).toBe(true)
  expect(await axeViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Fewer' }).click()
  await expect.poll(isInBar, SOON).toBe(false)
  await page.keyboard.press('/')
  await expect.poll(isInBar, SOON).toBe(true)
  await context.close()
})

test('a filter that is set stands first, so the bar never hides it', async () => {
  const { context, page } = await open('/profit?region=South', { width: 1024 })
  const chips = await page.locator('.chips summary').allInnerTexts()
  expect(chips[2]).toMatch(/Region\s+South/)
  await context.close()
})

test('without script every chip is there to be used', async () => {
  const { context, page } = await open('/profit', { width: 1024, hasScript: false })
  expect(await meetings(page)).toEqual([])
  await page.locator('.chips summary', { hasText: 'Region' }).click()
  await page.getByRole('link', { name: 'South', exact: true }).first().click()
  expect(new URL(page.url()).searchParams.get('region')).toBe('South')
  await context.close()
})
