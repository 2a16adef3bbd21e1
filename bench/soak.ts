/**
 * `npm run bench -- soak`: the semantic layer under an hour of questions that hardly ever repeat, from two hundred
 * scopes, over ranges that move with the clock. Gentle, because time is what is tested: does what it keeps stay bounded.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { stopChildren } from '../local/child.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { noteVersion } from './lib/machine.ts'
import { quantile } from './tiles/measure.ts'
import { foundCompany, TIME_ZONE } from './tiles/company.ts'
import { fillLedgers } from './tiles/facts.ts'
import { DAYS } from './tiles/orders.ts'
import { lastEvening } from './tiles/setting.ts'
import {
  createDatabase,
  makeFolder,
  moveCheckpoint,
  startAnalytics,
  startSemantic,
  type Semantic,
} from './tiles/stack.ts'

const DATABASE = 'soak'
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Live heap is the least seen in a part of the run: garbage comes and goes above it. */
const PARTS = 10
const SAMPLE_MS = 1_000
const CHECKPOINT_EVERY = 20
const GROWTH_PERCENT_MAX = 10
const FAILURES_SHOWN_MAX = 3

type Sample = { heap: number; resident: number; entries: number; bytes: number }

export async function run(args: string[]) {
  const wanted = numbersOf(args, { minutes: 60, rate: 8, scopes: 200, rows: 300_000, seed: 1 })
  const place = makeFolder()
  onStop(async () => place.remove())
  onStop(stopChildren)
  const server = await startAnalytics(place.folder)
  const admin = await createDatabase(server, DATABASE)
  const now = lastEvening(new Date())
  await foundCompany(admin, new Date(now.getTime() - DAYS * DAY_MS))
  await fillLedgers(admin, { rows: wanted.rows, seed: wanted.seed, now })
  noteVersion('clickhouse', await version(admin))
  const semantic = await startSemantic(server, place.folder, DATABASE)

  const samples: Sample[] = []
  const times: number[] = []
  const failures: string[] = []
  let asked = 0
  const endsAt = Date.now() + wanted.minutes * MINUTE_MS
  const watching = watch(semantic, samples, endsAt)
  while (Date.now() < endsAt) {
    const due = Date.now() + 1_000 / wanted.rate
    if (asked % CHECKPOINT_EVERY === 0) await moveCheckpoint(admin, asked + 1)
    const started = performance.now()
    const who = { role: 'distributor', distributor_id: String(1 + (asked % wanted.scopes)) }
    await semantic.load(who, questionOf(asked, now)).catch((error: unknown) => {
      failures.push(String(error))
    })
    times.push(performance.now() - started)
    asked += 1
    await sleep(Math.max(0, due - Date.now()))
  }
  await watching
  await admin.close()
  for (const failure of failures.slice(0, FAILURES_SHOWN_MAX)) process.stderr.write(`${failure}\n`)
  return { ...wanted, ...figuresOf(samples, times), questions: asked, failed: failures.length }
}

function figuresOf(samples: Sample[], times: number[]) {
  const size = Math.ceil(samples.length / PARTS)
  const parts = Array.from({ length: PARTS }, (_, index) =>
    samples.slice(index * size, (index + 1) * size),
  ).filter((part) => part.length > 0)
  const heaps = parts.map((part) => Math.min(...part.map(({ heap }) => heap)))
  // The first parts fill the cache; from the middle on it is full, and only a leak grows.
  const middle = heaps[Math.floor(heaps.length / 2)] ?? 0
  const last = heaps.at(-1) ?? 0
  const growth = ((last - middle) / middle) * 100
  return {
    heap_mb: heaps.map((heap) => Math.round(heap / 1024 ** 2)),
    heap_growth_percent: Number(growth.toFixed(1)),
    is_flat: growth <= GROWTH_PERCENT_MAX,
    resident_mb: Math.round(Math.max(...samples.map(({ resident }) => resident)) / 1024 ** 2),
    cache_entries: Math.max(...samples.map(({ entries }) => entries)),
    cache_mb: Number((Math.max(...samples.map(({ bytes }) => bytes)) / 1024 ** 2).toFixed(1)),
    first_ms: Math.round(times[0] ?? 0),
    third_ms: Math.round(times[2] ?? 0),
    p50_ms: quantile(times, 0.5),
    p95_ms: quantile(times, 0.95),
  }
}

async function watch(semantic: Semantic, samples: Sample[], endsAt: number) {
  while (Date.now() < endsAt) {
    const text = await semantic.metrics().catch(() => null)
    if (text !== null) {
      const valueOf = (name: string) =>
        Number(new RegExp(`^tributary_semantic_${name} (\\S+)$`, 'm').exec(text)?.[1])
      samples.push({
        heap: valueOf('heap_used_bytes'),
        resident: valueOf('resident_bytes'),
        entries: valueOf('cache_entries'),
        bytes: valueOf('cache_bytes'),
      })
    }
    await sleep(SAMPLE_MS)
  }
}

/** Ranges that move: minutes up to a minute that goes on with each question, and whole days of any length. */
function questionOf(nth: number, now: Date) {
  const wallClock = (moment: number) =>
    new Date(moment).toLocaleString('sv-SE', { timeZone: TIME_ZONE }).replace(' ', 'T')
  const end = now.getTime() - (nth % 40_000) * MINUTE_MS
  const isShort = nth % 2 === 0
  const start = end - (isShort ? 15 * MINUTE_MS : (1 + (nth % 90)) * DAY_MS)
  const ends = isShort
    ? [wallClock(start), wallClock(end)]
    : [wallClock(start).slice(0, 10), wallClock(end).slice(0, 10)]
  const view = nth % 3 === 0 ? 'distributors' : 'sales'
  const measure = nth % 3 === 0 ? 'team_revenue_cents' : 'revenue_cents'
  return {
    measures: [`${view}.${measure}`],
    dimensions: nth % 3 === 0 ? ['distributors.distributor'] : ['sales.channel'],
    timeDimensions: [{ dimension: `${view}.at`, dateRange: ends }],
  }
}

async function version(client: { query: Awaited<ReturnType<typeof createDatabase>>['query'] }) {
  const result = await client.query({ query: 'select version()', format: 'TabSeparated' })
  return (await result.text()).trim()
}
