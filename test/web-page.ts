/** What the tests of the web do again and again, in the words of a reader. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Stack } from './stack.ts'

type Violation = { id: string; nodes: { html: string }[] }

declare global {
  interface Window {
    /** Put into the page by the tests. */
    axe?: { run(): Promise<{ violations: Violation[] }> }
  }
}

export type Reader = {
  lang?: 'zh' | 'en'
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  hasScript?: boolean
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** For expect.poll: the machine may be busy, the promise itself is measured elsewhere. */
export const SOON = { timeout: 15_000, interval: 50 }
const PHONE_MAX = 767

/** A browser of one's own: no cookie of another test is in it. */
export async function openReader(browser: Browser, stack: Stack, reader: Reader = {}) {
  const { lang = 'en', theme = 'light', width = 1440, height = 900, hasScript = true } = reader
  const context = await browser.newContext({
    viewport: { width, height },
    javaScriptEnabled: hasScript,
    hasTouch: width <= PHONE_MAX,
    isMobile: width <= PHONE_MAX,
    reducedMotion: 'reduce',
  })
  await context.addCookies(
    Object.entries({ lang, theme }).map(([name, value]) => ({ name, value, url: stack.web_url })),
  )
  return context
}

export async function signIn(page: Page, stack: Stack, login: string, password?: string) {
  await page.goto(`${stack.web_url}/login`)
  await page.fill('input[name=login]', login)
  await page.fill('input[name=password]', password ?? stack.admin_password)
  await page.click('main button.primary')
}

/** Signed in and at the reader's own first page. */
export async function openAs(context: BrowserContext, stack: Stack, login: string) {
  const page = await context.newPage()
  await signIn(page, stack, login)
  await page.waitForURL((url) => url.pathname !== '/login')
  return page
}

/**
 * Keys pressed before a page is awake are nobody's; it listens to changes once it is. What the
 * page before it still asks does not count, so the wait begins when this one has begun. Without
 * script a page never wakes and is what it is once it stands.
 */
export async function openAwake(page: Page, stack: Stack, path: string, reader: Reader = {}) {
  if (reader.hasScript === false) {
    await page.goto(stack.web_url + path)
    return
  }
  await page.goto(stack.web_url + path, { waitUntil: 'commit' })
  await page.waitForRequest((request) => new URL(request.url()).pathname === '/live')
  await page.waitForLoadState()
}

/** What a reader with a screen reader or without good eyes would stumble over. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return await page.evaluate(async () => {
    if (!window.axe) throw new Error('axe is not in the page')
    const { violations } = await window.axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}

export async function sidewaysScroll(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}
