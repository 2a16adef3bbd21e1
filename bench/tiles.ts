/**
 * `npm run bench -- tiles`: how long each tile takes through Cube's REST with nothing kept from before, beside
 * hand-written SQL, beside ReplacingMergeTree `FINAL`, and beside Postgres on a tenth of the facts.
 */
import postgres from 'postgres'
import { stopChildren } from '../local/child.ts'
import type { ClickHouse } from '../local/clickhouse.ts'
import { numbersOf } from './lib/arguments.ts'
import { onStop } from './lib/engines.ts'
import { noteVersion } from './lib/machine.ts'
import { foundCompany, TIME_ZONE } from './tiles/company.ts'
import { fillLedgers } from './tiles/facts.ts'
import { DAYS } from './tiles/orders.ts'
import { tileQuestionsOf } from './tiles/dashboards.ts'
import {
  compareAnswers,
  measure,
  measurePeer,
  measureTiles,
  quantile,
  type Figures,
} from './tiles/measure.ts'
import { fillPeer } from './tiles/peer.ts'
import { questionsOf } from './tiles/questions.ts'
import { countFacts, copyForFinal, keepDays, settle } from './tiles/tables.ts'
import { lastEvening, settingOf } from './tiles/setting.ts'
import {
  clientOf,
  createDatabase,
  makeFolder,
  startAnalytics,
  startPeer,
  startSemantic,
} from './tiles/stack.ts'

const PEER_PART = 10
const PEER_STATEMENT_MS_MAX = 60_000

type Wanted = { rows: number; rounds: number; seed: number }

export async function run(args: string[]) {
  const wanted = numbersOf(args, { rows: 30_000_000, rounds: 20, seed: 1 })
  const place = makeFolder()
  onStop(async () => place.remove())
  onStop(stopChildren)
  const { rows, rounds, seed } = wanted
  const now = lastEvening(new Date())
  const server = await startAnalytics(place.folder)
  const few = { rows: Math.ceil(rows / PEER_PART), rounds, seed, now }
  const small = await runAt(server, place.folder, 'facts_few', few, true)
  const large = await runAt(server, place.folder, 'facts', { ...few, rows }, false)
  noteVersion('clickhouse', large.version)
  noteVersion('postgres', small.peerVersion ?? 'unknown')
  const questions = large.figures.map((figures, index) => {
    const postgres_ms = small.peer[index] ?? 0
    const same = small.figures[index] ?? figures
    return { ...figures, postgres_ms, few_p50_ms: same.p50_ms, few_final_ms: same.final_ms }
  })
  return {
    seed,
    rounds,
    facts: large.facts,
    few_facts: small.facts,
    questions: byName(questions),
    tiles: byName(large.tiles),
    few_tiles: byName(small.tiles),
    dashboard: large.page,
    few_dashboard: small.page,
    worst_p95_ms: Math.max(...large.tiles.map(({ p95_ms }) => p95_ms)),
    within_100_ms: large.tiles.filter(({ p95_ms }) => p95_ms <= 100).length / large.tiles.length,
    cube_overhead_ms: medianOf(large.figures, ({ p50_ms, hand_sql_ms }) => p50_ms - hand_sql_ms),
    /** How many times as long as hand-written SQL: the median round of each question, and its quickest. */
    times_hand_sql: byGroup(large.figures),
    few_times_hand_sql: byGroup(small.figures),
    hand_sql_ratio: medianOf(large.figures, ({ p50_ms, hand_sql_ms }) => hand_sql_ms / p50_ms),
    final_ratio: medianOf(large.figures, ({ p50_ms, final_ms }) => final_ms / p50_ms),
    // On the same number of facts as Postgres has.
    ratio: quantile(
      questions.map(({ postgres_ms, few_p50_ms }) => postgres_ms / few_p50_ms),
      0.5,
    ),
  }
}

function byName<Named extends { name: string }>(figures: Named[]) {
  return Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest]))
}

function byGroup(figures: Figures[]) {
  return Object.fromEntries(
    Object.entries(Object.groupBy(figures, ({ group }) => group)).map(([group, some]) => [
      group,
      {
        p50: middleOf(some.map(({ p50_ms, hand_sql_ms }) => p50_ms / hand_sql_ms)),
        least: middleOf(
          some.map(({ least_ms, hand_sql_least_ms }) => least_ms / hand_sql_least_ms),
        ),
      },
    ]),
  )
}

/** Of an even number the mean of the two in the middle: a group may have but four. */
function middleOf(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  const middle = [Math.floor(half), Math.ceil(half)].map((index) => sorted[index] ?? 0)
  return Math.round(middle.reduce((sum, value) => sum + value, 0) * 50) / 100
}

type Plan = Wanted & { now: Date }

/** One size: fill, check that all ways say the same, measure, and leave nothing behind. */
async function runAt(
  server: ClickHouse,
  folder: string,
  name: string,
  plan: Plan,
  withPeer: boolean,
) {
  say(`${name}: filling ${plan.rows} facts`)
  const admin = await createDatabase(server, name)
  await foundCompany(admin, new Date(plan.now.getTime() - DAYS * 86_400_000))
  await fillLedgers(admin, plan)
  await copyForFinal(admin)
  await keepDays(admin)
  await settle(admin, name)
  const facts = await countFacts(admin)
  say(`${name}: ${JSON.stringify(facts)}`)
  const setting = await settingOf(admin, plan.now)
  const questions = questionsOf(setting)
  const semantic = await startSemantic(server, folder, name)
  const reader = clientOf(server, 'cube', name)
  const { distributor_id } = setting
  const ways = { semantic, admin, reader, timeZone: TIME_ZONE, distributor_id }
  const peer = withPeer ? await openPeer(server, folder, name) : null
  try {
    await compareAnswers(ways, questions, peer?.sql ?? null)
    say(`${name}: all ways say the same; measuring ${questions.length} questions`)
    const { figures, page } = await measure(ways, questions, plan.rounds)
    const tiles = await measureTiles(
      ways,
      await tileQuestionsOf(setting, await semantic.members()),
      plan.rounds,
    )
    for (const tile of tiles) say(`${tile.name.padEnd(40)} ${JSON.stringify(tile)}`)
    const times = peer ? await measurePeer(peer.sql, questions, TIME_ZONE) : []
    for (const [index, figure] of figures.entries()) print(figure, times[index])
    const result = await admin.query({ query: 'select version()', format: 'JSONCompact' })
    const { data } = await result.json<unknown[]>()
    return {
      facts,
      figures,
      page,
      tiles,
      peer: times,
      peerVersion: peer?.version,
      version: String(data[0]?.[0]),
    }
  } finally {
    await semantic.stop()
    await peer?.stop()
    await reader.close()
    await admin.command({ query: `drop database ${name} sync` }).catch(() => {})
    await admin.close()
  }
}

async function openPeer(server: ClickHouse, folder: string, database: string) {
  const engine = await startPeer(folder)
  const sql = postgres(engine.url(), {
    max: 1,
    onnotice: () => {},
    // A day is a day, not midnight somewhere.
    types: { date: { to: 1082, from: [1082], serialize: String, parse: String } },
  })
  await fillPeer(sql, `${server.url('admin')}/${database}`)
  await sql.unsafe(`set statement_timeout = ${PEER_STATEMENT_MS_MAX}`)
  const [row] = await sql<
    { version: string }[]
  >`select current_setting('server_version') as version`
  return {
    sql,
    version: row?.version,
    async stop() {
      await sql.end()
      await engine.stop()
    },
  }
}

function medianOf(figures: Figures[], value: (figure: Figures) => number) {
  return quantile(figures.map(value), 0.5)
}

function print(figures: Figures, peer: number | undefined) {
  const { name, p50_ms, p95_ms, least_ms, hand_sql_ms, hand_sql_least_ms, final_ms } = figures
  const times = [
    `p50 ${p50_ms} p95 ${p95_ms} least ${least_ms}`,
    `hand ${hand_sql_ms} least ${hand_sql_least_ms}`,
    `final ${final_ms} postgres ${peer ?? '-'} rows ${figures.rows_read}`,
  ]
  say(`${name.padEnd(32)} ${times.join(' | ')}`)
}

function say(words: string) {
  console.error(words)
}
