import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { axeViolations, openAs, openReader, sidewaysScroll, signIn, SOON } from './web-page.ts'

const stack = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('a wrong password is told in words, and not which of the two was wrong', async () => {
  const context = await openReader(browser, stack)
  const page = await context.newPage()
  const alert = page.getByRole('alert')

  await signIn(page, stack, 'executive', 'not the password')
  await expect.poll(() => alert.innerText(), SOON).toContain('Login or password is wrong')
  const said = await alert.innerText()
  expect(await page.inputValue('input[name=login]')).toBe('executive')

  await signIn(page, stack, 'nobody-of-that-name', 'not the password')
  await expect.poll(() => alert.innerText(), SOON).toBe(said)
  await context.close()
})

test('log-in leads the company to today and a distributor to his portal', async () => {
  const context = await openReader(browser, stack)
  const executive = await openAs(context, stack, 'executive')
  expect(new URL(executive.url()).pathname).toBe('/today')
  await context.close()

  const other = await openReader(browser, stack)
  const distributor = await openAs(other, stack, 'shanghai')
  expect(new URL(distributor.url()).pathname).toBe('/portal')
  await other.close()
})

test('log-in works without JavaScript', async () => {
  const context = await openReader(browser, stack, { hasScript: false })
  const page = await context.newPage()

  await signIn(page, stack, 'shanghai', 'wrong')
  expect(await page.getByRole('alert').innerText()).toContain('wrong')
  await signIn(page, stack, 'shanghai')
  await page.waitForURL('**/portal')
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Shanghai')
  await context.close()
})

test('the page that was asked for before log-in is where it leads', async () => {
  const context = await openReader(browser, stack)
  const page = await context.newPage()

  await page.goto(`${stack.web_url}/portal?why=pending`)
  expect(new URL(page.url()).pathname).toBe('/login')
  await page.fill('input[name=login]', 'shanghai')
  await page.fill('input[name=password]', stack.admin_password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/portal?why=pending')
  await context.close()
})

test('nobody is led to another site after log-in', async () => {
  const context = await openReader(browser, stack)
  const page = await context.newPage()

  await page.goto(`${stack.web_url}/login?next=//evil.example/portal`)
  await page.fill('input[name=login]', 'shanghai')
  await page.fill('input[name=password]', stack.admin_password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/portal')
  expect(new URL(page.url()).origin).toBe(stack.web_url)
  await context.close()
})

test('logging out ends the session for good: the old cookie opens nothing', async () => {
  const context = await openReader(browser, stack)
  const page = await openAs(context, stack, 'executive')
  const [session] = (await context.cookies()).filter(({ name }) => name === 'session')
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' })

  await page.locator('summary', { hasText: 'Account: Executive' }).first().click()
  await page.getByRole('button', { name: 'Log out' }).first().click()
  await page.waitForURL('**/login')

  const response = await fetch(`${stack.web_url}/today`, {
    headers: { cookie: `session=${session?.value}` },
    redirect: 'manual',
  })
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toContain('/login')
  await context.close()
})

test('language and theme change at once, without a reload, and stay', async () => {
  const context = await openReader(browser, stack)
  const page = await context.newPage()
  await page.goto(`${stack.web_url}/login`)
  await page.fill('input[name=login]', 'half typed')
  const surface = () =>
    page.evaluate(
      () => getComputedStyle(document.querySelector('.door') ?? document.body).backgroundColor,
    )
  const light = await surface()

  await page.getByRole('button', { name: '中文 · 切换到中文' }).click()
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('登录')
  await page.getByRole('button', { name: '换成深色' }).click()
  await expect.poll(surface, SOON).not.toBe(light)
  expect(await page.inputValue('input[name=login]')).toBe('half typed')

  const html = await context.request.get(`${stack.web_url}/login`)
  expect(await html.text()).toContain('<html lang="zh-CN" data-theme="dark">')
  await context.close()
})

test('a form of another site is refused', async () => {
  const response = await fetch(`${stack.web_url}/logout`, {
    method: 'POST',
    headers: {
      origin: 'https://evil.example',
      'content-type': 'application/x-www-form-urlencoded',
    },
  })
  expect(response.status).toBe(403)
  expect(await response.json()).toMatchObject({ code: 'FOREIGN_ORIGIN' })
})

test('what the door says about freshness is what the stream says', async () => {
  const context = await openReader(browser, stack)
  const page = await context.newPage()
  await page.goto(`${stack.web_url}/login`)

  await expect.poll(() => page.getByText('normal', { exact: true }).count(), SOON).toBe(1)
  const watermark = await (await fetch(`${stack.web_url}/live?once`)).json()
  expect(watermark).toMatchObject({ connected: true, lsn: expect.stringMatching(/^\d+$/) })
  await context.close()
})

for (const lang of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing at the door: ${lang}, ${theme}`, async () => {
      const context = await openReader(browser, stack, { lang, theme })
      const page = await context.newPage()
      await page.goto(`${stack.web_url}/login`)
      expect(await axeViolations(page)).toEqual([])
      await context.close()
    })
  }
}

test('the door fits every width', async () => {
  for (const width of [360, 390, 1440, 1920]) {
    const context = await openReader(browser, stack, { width })
    const page = await context.newPage()
    await page.goto(`${stack.web_url}/login`)
    expect([width, await sidewaysScroll(page)]).toEqual([width, 0])
    await context.close()
  }
})
