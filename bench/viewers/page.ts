/** A page in a real browser that notes when it painted an answer, and what that was computed at. */
import type { Browser, Page } from 'playwright-core'
import type { Stack } from '../../test/stack.ts'
import { onStop } from '../lib/engines.ts'
import type { Shown } from './watcher.ts'

declare global {
  interface Window {
    paints?: { lsn: string; at: number }[]
  }
}

export type OpenPage = { page: Page; body: string; shown(): Promise<Shown[]> }

const BATCH_MS_MAX = 30_000
const BATCHES_SEEN = 4
/** Between two changes that make a page ask, so that its batches come one by one. */
const STIR_MS = 500

type Way = { token: string; path: string; stir(): Promise<unknown> }

/** `stir` changes something that the page shows: it asks for nothing else. */
export async function openPage(
  browser: Browser,
  stack: Stack,
  { token, path, stir }: Way,
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1400 } })
  onStop(() => context.close())
  await context.addCookies([{ name: 'session', value: token, url: stack.web_url }])
  const page = await context.newPage()
  await page.addInitScript(notePaints)
  const bodies: string[] = []
  page.on('request', (request) => {
    const body = request.url().endsWith('/cube/batch') ? request.postData() : null
    if (body !== null) bodies.push(body)
  })
  await page.goto(stack.web_url + path)
  const deadline = Date.now() + BATCH_MS_MAX
  while (bodies.length < BATCHES_SEEN && Date.now() < deadline) {
    await stir()
    await page.waitForTimeout(STIR_MS)
  }
  // A batch asks for what changed; the longest of a few asks for all that is on the screen.
  const body = bodies.toSorted((one, other) => other.length - one.length)[0]
  if (body === undefined) throw new Error(`${path} asked nothing`)
  const shown = async () => {
    const paints = await page.evaluate(() => window.paints ?? [])
    return paints.map(({ lsn, at }) => ({ lsn: BigInt(lsn), at }))
  }
  return { page, body, shown }
}

/** Runs in the page, before it: every batch is followed to the frame after the one its answer was set in. */
function notePaints() {
  const original = window.fetch
  window.paints = []
  window.fetch = async (...request) => {
    const response = await original(...request)
    if (!response.url.endsWith('/cube/batch')) return response
    void response
      .clone()
      .json()
      .then(({ results = [] }: { results?: { watermark?: { lsn: string } | null }[] }) => {
        const lsns = results.flatMap(({ watermark }) => (watermark ? [BigInt(watermark.lsn)] : []))
        if (lsns.length === 0) return
        const lsn = lsns.reduce((oldest, one) => (one < oldest ? one : oldest)).toString()
        requestAnimationFrame(() =>
          requestAnimationFrame(() => window.paints?.push({ lsn, at: Date.now() })),
        )
      })
    return response
  }
}
