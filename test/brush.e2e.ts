import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { payOrder } from './given.ts'
import { axeViolations, openAs, openAwake, openReader, SOON } from './web-page.ts'

const stack = inject('stack')
const company = inject('company')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  await payOrder(stack, company, 'shanghai', [['tea-100', 1]])
})
afterAll(() => browser.close())

async function open(path: string, reader: Parameters<typeof openReader>[2] = {}) {
  const context = await openReader(browser, stack, { height: 1200, ...reader })
  const page = await openAs(context, stack, 'executive')
  await openAwake(page, stack, path)
  return { context, page }
}

function span(page: Page) {
  const { searchParams } = new URL(page.url())
  return [searchParams.get('from'), searchParams.get('to')]
}

/** The middle of a bucket of the chart. */
async function bucketAt(page: Page, chart: string, index: number) {
  const area = page.locator(`#${chart} .area`)
  const box = await area.boundingBox()
  const count = Number(await page.locator(`#${chart} .plot`).getAttribute('aria-valuemax')) + 1
  if (!box) throw new Error(`${chart} is not on the screen`)
  return { x: box.x + ((index + 0.5) / count) * box.width, y: box.y + box.height / 2 }
}

test('a range dragged over days is the period of the page, and Back undoes it', async () => {
  const { context, page } = await open('/sales?period=28d')
  const from = await bucketAt(page, 'trend', 20)
  const to = await bucketAt(page, 'trend', 25)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await expect.poll(() => page.locator('#trend .brushed').count(), SOON).toBe(1)
  await page.mouse.up()
  await expect.poll(() => span(page).every(Boolean), SOON).toBe(true)
  const [first, last] = span(page).map((day) => Date.parse(`${day}`))
  expect(((last ?? 0) - (first ?? 0)) / 86_400_000).toBe(5)
  expect(await page.getByRole('dialog').count()).toBe(0)
  await expect
    .poll(() => page.locator('#trend .plot').getAttribute('aria-valuemax'), SOON)
    .toBe('5')

  await page.goBack()
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('?period=28d')
  await context.close()
})

test('by keyboard: Shift and arrows select, Enter zooms in, the chip leads out again', async () => {
  const { context, page } = await open('/today')
  const plot = page.locator('.tile.series .plot').first()
  await plot.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => plot.getAttribute('aria-valuetext'), SOON).toMatch(/00:00–03:00/)
  await page.keyboard.press('Enter')
  await expect.poll(() => span(page).join(), SOON).toMatch(/T00,.*T02$/)
  await expect.poll(() => plot.getAttribute('aria-valuemax'), SOON).toBe('2')
  expect(await axeViolations(page)).toEqual([])
  await page.getByRole('link', { name: /Remove filter: Time/ }).click()
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('')
  await context.close()
})

test('Escape lets a selection go, and nothing has changed', async () => {
  const { context, page } = await open('/sales?period=7d')
  await page.locator('#trend .plot').focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(() => page.locator('#trend .brushed').count(), SOON).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('#trend .brushed').count(), SOON).toBe(0)
  expect(new URL(page.url()).search).toBe('?period=7d')
  await context.close()
})

test('a finger drawn sideways selects as well', async () => {
  const { context, page } = await open('/sales?period=28d', { width: 390, height: 1600 })
  await page.locator('#trend').scrollIntoViewIfNeeded()
  const from = await bucketAt(page, 'trend', 10)
  const to = await bucketAt(page, 'trend', 14)
  const touch = await context.newCDPSession(page)
  const at = ({ x, y }: { x: number; y: number }) => [{ x, y }]
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) })
  for (const part of [0.3, 0.6, 1]) {
    const x = from.x + (to.x - from.x) * part
    await touch.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: at({ x, y: from.y }),
    })
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect.poll(() => span(page).every(Boolean), SOON).toBe(true)
  await context.close()
})
