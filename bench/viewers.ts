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
import { openPage, type OpenPage } from './viewers/page.ts'
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
  const wanted = numbersOf(args, { viewers: 50, scopes: 20, pages: 3, seconds: 60, rate: 0.05 })
  const stack = await startProduct(['--rate', String(wanted.rate)])
  const sql = postgres(stack.database_url, { max: 1, onnotice: () => {} })
  onStop(() => sql.end({ timeout: 1 }))
  const scopes = await openScopes(stack, sql, wanted.scopes)
  const shop = await openShop(stack, sql)

  const stir = ({ distributor_id }: Scope) => payProbe(stack, sql, shop, distributor_id)
  const { pages, watchers } = await openViewers(stack, { scopes, stir }, wanted)
  await sleep(SETTLE_MS)
  const alone = watchers.flatMap(({ watcher }) => watcher.batches()).reduce((sum, n) => sum + n, 0)
  const probes: Probe[] = []
  const endsAt = Date.now() + wanted.seconds * 1_000
  for (let turn = 0; Date.now() < endsAt; turn += 1) {
    const scope = turn % scopes.length
    const seller = scopes[scope]
    if (seller) probes.push({ ...(await payProbe(stack, sql, shop, seller.distributor_id)), scope })
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
/** Who looks on, and how something of one of them changes. */
type Many = { scopes: Scope[]; stir(scope: Scope): Promise<unknown> }
type Seat = { scope: number | null }

/** The first pages are real: one executive, the rest distributors. Their questions are what the others ask. */
async function openViewers(
  stack: Stack,
  { scopes, stir }: Many,
  { viewers, pages: count }: Wanted,
) {
  const executive = await logIn(stack, 'executive')
  const browser = await launchBrowser()
  onStop(() => browser.close())
  const [first] = scopes
  if (!first) throw new Error('there is no distributor to look on')
  const openPortal = (seller: Scope) =>
    openPage(browser, stack, { token: seller.token, path: '/portal', stir: () => stir(seller) })

  const way = { token: executive, path: '/today', stir: () => stir(first) }
  const today = { scope: null, ...(await openPage(browser, stack, way)) }
  const portals: (Seat & OpenPage)[] = []
  // A portal asks about its own distributor; another's questions are refused, so each has its own body.
  const bodies: string[] = []
  for (const [scope, seller] of scopes.entries()) {
    const opened = await openPortal(seller)
    bodies.push(opened.body)
    if (scope < count - 1) portals.push({ scope, ...opened })
    else await opened.page.context().close()
  }
  const pages: (Seat & OpenPage)[] = [today, ...portals]
  const watchers: (Seat & { watcher: Watcher })[] = []
  for (let seat = pages.length; seat < viewers; seat += 1) {
    const scope = seat % 2 === 0 ? null : ((seat - 1) / 2) % scopes.length
    const token = scope === null ? executive : (scopes[scope]?.token ?? executive)
    const body = scope === null ? today.body : (bodies[scope] ?? today.body)
    watchers.push({ scope, watcher: watch(stack, { token, body }) })
  }
  return { pages, watchers }
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
