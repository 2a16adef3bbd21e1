/** `npm run screenshots`: every page × theme × language × width of a running instance, into screenshots/. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { root } from '../local/root.ts'
import { launchBrowser } from './browser.ts'

const USAGE =
  'npm run screenshots [-- --only NAME] [-- --login LOGIN --distributor LOGIN --password PASSWORD]'
const FOLDER = join(root, 'screenshots')
const WIDTHS = [390, 1440, 1920]
const HEIGHTS: Record<number, number> = { 390: 844, 1440: 900, 1920: 1080 }
/** A page taller than this is cut: it is a picture, not an archive. */
const HEIGHT_MAX = 8_000
const SETTLE_MS = 1_200
/** Somebody who sees the company, and somebody with teams below him. */
const DEMO = { staff: 'executive', distributor: 'california', admin: 'admin' }

const Instance = Type.Object({
  web_url: Type.String(),
  admin_login: Type.Optional(Type.String()),
  admin_password: Type.Optional(Type.String()),
  demo_password: Type.Optional(Type.String()),
})

type Who = 'nobody' | 'staff' | 'distributor' | 'admin'
const PAGES: { name: string; path: string; who: Who }[] = [
  { name: 'login', path: '/login', who: 'nobody' },
  { name: 'today', path: '/today', who: 'staff' },
  { name: 'sales', path: '/sales', who: 'staff' },
  { name: 'sales-orders', path: '/sales?drill=trend', who: 'staff' },
  { name: 'profit', path: '/profit', who: 'staff' },
  { name: 'conversion', path: '/conversion', who: 'staff' },
  { name: 'distributors', path: '/distributors', who: 'staff' },
  { name: 'products', path: '/products', who: 'staff' },
  { name: 'customers', path: '/customers', who: 'staff' },
  { name: 'alerts', path: '/alerts', who: 'staff' },
  { name: 'alerts-surge', path: '/alerts?tab=surge', who: 'staff' },
  { name: 'portal', path: '/portal', who: 'distributor' },
  { name: 'portal-why', path: '/portal?why=pending', who: 'distributor' },
  { name: 'portal-links', path: '/portal/links', who: 'distributor' },
  { name: 'link-unknown', path: '/r/ZZZZZZZ', who: 'nobody' },
  { name: 'offline', path: '/offline', who: 'nobody' },
  { name: 'audit', path: '/audit', who: 'admin' },
  { name: 'settings', path: '/settings', who: 'admin' },
]

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    only: { type: 'string' },
    login: { type: 'string' },
    distributor: { type: 'string' },
    password: { type: 'string' },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const pages = PAGES.filter(({ name }) => values.only === undefined || name === values.only)
  if (values.help || pages.length === 0) {
    console.error(`usage: ${USAGE}`)
    return values.help ? 0 : 2
  }
  const instance = readInstance()
  if (!instance) {
    console.error('No instance is running here: start one with npm start, then run this again.')
    return 1
  }
  mkdirSync(FOLDER, { recursive: true })
  const browser = await launchBrowser()
  let count = 0
  try {
    for (const width of WIDTHS) {
      for (const who of ['nobody', 'staff', 'distributor', 'admin'] as const) {
        const wanted = pages.filter((page) => page.who === who)
        if (wanted.length > 0) count += await shoot(browser, instance, width, who, wanted)
      }
    }
  } finally {
    await browser.close()
  }
  console.log(JSON.stringify({ screenshots: count, folder: relative(process.cwd(), FOLDER) }))
  return 0
}

type Instance = NonNullable<ReturnType<typeof readInstance>>

function readInstance() {
  const file = join(process.env.DATA_DIR ?? join(root, '.data'), 'instance.json')
  if (!existsSync(file)) return null
  const instance: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return Value.Check(Instance, instance) ? instance : null
}

async function shoot(
  browser: Browser,
  instance: Instance,
  width: number,
  who: Who,
  pages: typeof PAGES,
) {
  const isPhone = width < 768
  const context = await browser.newContext({
    viewport: { width, height: HEIGHTS[width] ?? width },
    deviceScaleFactor: isPhone ? 2 : 1,
    isMobile: isPhone,
    hasTouch: isPhone,
  })
  const page = await context.newPage()
  if (who !== 'nobody') await signIn(page, instance, who)
  let count = 0
  for (const { name, path } of pages) {
    for (const lang of ['zh', 'en']) {
      for (const theme of ['light', 'dark']) {
        await prefer(context, instance, { lang, theme })
        await page.goto(instance.web_url + path)
        await fit(page, width)
        const file = `${name}-${theme}-${lang}-${width}.png`
        await page.screenshot({ path: join(FOLDER, file) })
        process.stderr.write(`${file}\n`)
        count += 1
      }
    }
  }
  await context.close()
  return count
}

/** The demo's own log-ins are known; those of another company are asked for. */
async function signIn(page: Page, instance: Instance, who: 'staff' | 'distributor' | 'admin') {
  const { demo_password, admin_login, admin_password } = instance
  const known = demo_password ? DEMO[who] : who === 'distributor' ? undefined : admin_login
  const asked = { staff: values.login, distributor: values.distributor, admin: undefined }
  const login = asked[who] ?? known
  const password = values.password ?? demo_password ?? admin_password
  if (!login || !password) throw new Error(`no ${who} log-in is known: ${USAGE}`)

  await page.goto(`${instance.web_url}/login`)
  await page.fill('input[name=login]', login)
  await page.fill('input[name=password]', password)
  await page.click('main button.primary')
  await page.waitForURL((url) => url.pathname !== '/login')
}

async function prefer(
  context: BrowserContext,
  instance: Instance,
  preferences: Record<string, string>,
) {
  await context.addCookies(
    Object.entries(preferences).map(([name, value]) => ({ name, value, url: instance.web_url })),
  )
}

/** The window is made as tall as the page, so that bars that stick stand where they belong. */
async function fit(page: Page, width: number) {
  await page.setViewportSize({ width, height: HEIGHTS[width] ?? width })
  await page.waitForTimeout(SETTLE_MS)
  const isOverlaid = (await page.getByRole('dialog').count()) > 0
  if (isOverlaid) return
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(height, HEIGHT_MAX) })
  await page.waitForTimeout(SETTLE_MS)
}
