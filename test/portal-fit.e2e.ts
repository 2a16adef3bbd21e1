import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, sidewaysScroll } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'hangzhou', [['tea-250', 1]])
})
afterAll(() => browser.close())

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing on the portal and in its drawer: ${lang}, ${theme}`, async () => {
      const context = await openReader(browser, stack, { lang, theme })
      const page = await openAs(context, stack, 'east')
      expect(await axeViolations(page)).toEqual([])

      await openAwake(page, stack, '/portal?why=pending')
      await page.getByRole('dialog').waitFor()
      expect(await axeViolations(page)).toEqual([])
      await context.close()
    })
  }
}

test('the portal fits every width, and a thumb fits every target of a phone', async () => {
  for (const width of [360, 390, 768, 1440, 1920]) {
    const context = await openReader(browser, stack, { width })
    const page = await openAs(context, stack, 'east')
    expect([width, await sidewaysScroll(page)]).toEqual([width, 0])
    if (width <= 390) {
      const tabs = await page.locator('.tabbar a').evaluateAll((links) =>
        links.map((link) => {
          const box = link.getBoundingClientRect()
          return Math.min(box.width, box.height)
        }),
      )
      expect(Math.min(...tabs)).toBeGreaterThanOrEqual(44)
    }
    await context.close()
  }
})
