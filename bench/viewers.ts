/** From commit to painted while many look on: real pages beside page clients that ask the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { logIn } from '../test/company.ts'
import { launchBrowser } from '../test/browser.ts'
import type { Stack } from '../test/stack.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { percentilesOf } from './lib/percentiles.ts'
import { startProduct } from './lib/product.ts'
import { openScopes, openShop, payProbe, type Scope } from './viewers/company.ts'
import { openPage } from './viewers/page.ts'
import { type Shown, watch, type Watcher } from './viewers/watcher.ts'

const PROBE_EVERY_MS = 1_500
const SETTLE_MS = 8_000
/** A probe nobody saw in this time is a failure of the run, not a slow sample. */
const SEEN_MS_MAX = 20_000

type Probe = Shown & { scope: number }

/**
 * Half of the viewers are executives, the rest are spread over the scopes; the demo's market sells beside
 * them. A sample is one probe on one screen of somebody who may see it.
 */
export async function run(args: string[]) {
  const wanted = numbersOf(args, { viewers: 50, scopes: 20, pages: 3, seconds: 60, rate: 2 })
  const stack = await startProduct(['--rate', String(wanted.rate)])
  const sql = postgres(stack.database_url, { max: 1, onnotice: () => {} })
  onStop(() => sql.end({ timeout: 1 }))
  const scopes = await openScopes(stack, sql, wanted.scopes)
  const shop = await openShop(stack, sql)

  const { pages, watchers } = await openViewers(stack, scopes, wanted)
  await sleep(SETTLE_MS)
  const alone = watchers.flatMap(({ watcher }) => watcher.batches()).reduce((sum, n) => sum + n, 0)
  const probes: Probe[] = []
  const endsAt = Date.now() + wanted.seconds * 1_000
  for (let turn = 0; Date.now() < endsAt; turn += 1) {
    const scope = turn % scopes.length
    const seller = scopes[scope]
    if (seller) probes.push({ ...(await payProbe(stack, sql, shop, seller.customer_id)), scope })
    await sleep(PROBE_EVERY_MS)
  }
  await sleep(SEEN_MS_MAX / 4)
  for (const { watcher } of watchers) watcher.stop()

  const painted: number[] = []
  for (const page of pages) painted.push(...delaysOf(await page.shown(), probes, page.scope))
  const answered = watchers.flatMap(({ watcher, scope }) => delaysOf(watcher.shown, probes, scope))
  const batches = watchers.reduce((sum, { watcher }) => sum + watcher.batches(), 0) - alone
  const shown = percentilesOf(painted)
  return {
    viewers: wanted.viewers,
    scopes: scopes.length,
    real_pages: pages.length,
    orders_per_s: wanted.rate,
    painted_ms: shown,
    answered_ms: percentilesOf(answered),
    batches_per_s: Math.round(batches / wanted.seconds),
    failed_answers: watchers.reduce((sum, { watcher }) => sum + watcher.failures(), 0),
    limit_ms: 1_000,
    ratio: Number((1_000 / shown.p95).toFixed(2)),
  }
}

type Wanted = { viewers: number; pages: number }
type Seat = { scope: number | null }

/** The first pages are real: one executive, the rest distributors. Their questions are what the others ask. */
async function openViewers(stack: Stack, scopes: Scope[], { viewers, pages: count }: Wanted) {
  const executive = await logIn(stack, 'executive')
  const tokenOf = (scope: number | null) =>
    scope === null ? executive : (scopes[scope]?.token ?? executive)
  const browser = await launchBrowser()
  onStop(() => browser.close())

  const today = { scope: null, ...(await openPage(browser, stack, executive, '/today')) }
  const pages = [today]
  const portals: (Seat & Awaited<ReturnType<typeof openPage>>)[] = []
  for (let scope = 0; scope < Math.max(1, count - 1) && scope < scopes.length; scope += 1) {
    portals.push({ scope, ...(await openPage(browser, stack, tokenOf(scope), '/portal')) })
  }
  const watchers: (Seat & { watcher: Watcher })[] = []
  for (let seat = pages.length + portals.length; seat < viewers; seat += 1) {
    const scope = seat % 2 === 0 ? null : ((seat - 1) / 2) % scopes.length
    // A portal asks about its own distributor; another's questions are refused, so each has its own body.
    const body = scope === null ? today.body : await bodyOf(browser, stack, tokenOf(scope))
    watchers.push({ scope, watcher: watch(stack, { token: tokenOf(scope), body }) })
  }
  return { pages: [...pages, ...portals], watchers }
}

const bodies = new Map<string, string>()

async function bodyOf(
  browser: Awaited<ReturnType<typeof launchBrowser>>,
  stack: Stack,
  token: string,
) {
  const known = bodies.get(token)
  if (known !== undefined) return known
  const { page, body } = await openPage(browser, stack, token, '/portal')
  await page.context().close()
  bodies.set(token, body)
  return body
}

/** How long after its commit each probe was first shown; executives see all, others their own. */
function delaysOf(shown: Shown[], probes: Probe[], scope: number | null): number[] {
  return probes
    .filter((probe) => scope === null || probe.scope === scope)
    .map((probe) => {
      const first = shown.find(({ lsn, at }) => lsn >= probe.lsn && at >= probe.at)
      return first ? first.at - probe.at : SEEN_MS_MAX
    })
}
