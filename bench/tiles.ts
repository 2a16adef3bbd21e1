/**
 * `npm run bench -- tiles`: how long each tile takes through Cube's REST with nothing kept from before, beside
 * hand-written SQL, beside ReplacingMergeTree `FINAL`, and beside Postgres on a tenth of the facts.
 */
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { stopChildren } from '../local/child.ts'
import type { ClickHouse } from '../local/clickhouse.ts'
import { root } from '../local/root.ts'
import { foundCompany, TIME_ZONE } from './tiles/company.ts'
import { fillLedgers } from './tiles/facts.ts'
import { DAYS } from './tiles/orders.ts'
import { compareAnswers, measure, measurePeer, quantile, type Figures } from './tiles/measure.ts'
import { fillPeer } from './tiles/peer.ts'
import { questionsOf } from './tiles/questions.ts'
import { countFacts, copyForFinal, settle } from './tiles/tables.ts'
import { lastEvening, settingOf } from './tiles/setting.ts'
import {
  clientOf,
  createDatabase,
  makeFolder,
  startAnalytics,
  startPeer,
  startSemantic,
} from './tiles/stack.ts'

const USAGE = 'npm run bench -- tiles [--rows 30000000] [--rounds 20] [--seed 1]'
const ROWS_DEFAULT = 30_000_000
const ROWS_MIN = 50_000
const PEER_PART = 10
const ROUNDS_DEFAULT = 20
const ROUNDS_MAX = 200
const RUN_MS_MAX = 90 * 60_000
const PEER_STATEMENT_MS_MAX = 60_000

type Wanted = { rows: number; rounds: number; seed: number }

const wanted = readArguments(process.argv.slice(2))
if (wanted === null) {
  console.error(`usage: ${USAGE}`)
  process.exitCode = 2
} else {
  const place = makeFolder()
  let isStopping = false
  const stop = async (code: number) => {
    if (isStopping) return
    isStopping = true
    await stopChildren()
    place.remove()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(130))
  setTimeout(() => {
    console.error(`No end after ${RUN_MS_MAX / 60_000} minutes`)
    void stop(1)
  }, RUN_MS_MAX).unref()
  try {
    const result = await run(wanted, place.folder)
    console.log(JSON.stringify(result))
    await stop(0)
  } catch (error) {
    if (!isStopping) console.error(error)
    await stop(1)
  }
}

async function run({ rows, rounds, seed }: Wanted, folder: string) {
  const now = lastEvening(new Date())
  const server = await startAnalytics(folder)
  const few = { rows: Math.ceil(rows / PEER_PART), rounds, seed, now }
  const small = await runAt(server, folder, 'facts_few', few, true)
  const large = await runAt(server, folder, 'facts', { ...few, rows }, false)
  const tiles = large.figures.map((figures, index) => {
    const postgres_ms = small.peer[index] ?? 0
    const few = small.figures[index] ?? figures
    return { ...figures, postgres_ms, few_p50_ms: few.p50_ms, few_final_ms: few.final_ms }
  })
  const onScreen = large.figures.filter(({ group }) => group !== 'long')
  return {
    bench: 'tiles',
    seed,
    rounds,
    facts: large.facts,
    few_facts: small.facts,
    tiles: Object.fromEntries(tiles.map(({ name, ...figures }) => [name, figures])),
    dashboard: large.page,
    few_dashboard: small.page,
    worst_p95_ms: Math.max(...onScreen.map(({ p95_ms }) => p95_ms)),
    worst_long_p95_ms: Math.max(
      ...large.figures.filter(({ group }) => group === 'long').map(({ p95_ms }) => p95_ms),
    ),
    cube_overhead_ms: medianOf(large.figures, ({ p50_ms, hand_sql_ms }) => p50_ms - hand_sql_ms),
    hand_sql_ratio: medianOf(large.figures, ({ p50_ms, hand_sql_ms }) => hand_sql_ms / p50_ms),
    final_ratio: medianOf(large.figures, ({ p50_ms, final_ms }) => final_ms / p50_ms),
    // On the same number of facts as Postgres has.
    ratio: quantile(
      tiles.map(({ postgres_ms, few_p50_ms }) => postgres_ms / few_p50_ms),
      0.5,
    ),
    machine: {
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 1024 ** 3),
      load_average: Math.round((loadavg()[1] ?? 0) * 10) / 10,
      node: process.version,
      clickhouse: large.version,
      postgres: small.peerVersion,
    },
  }
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
  await settle(admin, name)
  const facts = await countFacts(admin)
  say(`${name}: ${JSON.stringify(facts)}`)
  const setting = await settingOf(admin, plan.now)
  const questions = questionsOf(setting)
  checkTiles(questions.flatMap(({ tiles }) => tiles))
  const semantic = await startSemantic(server, folder, name)
  const reader = clientOf(server, 'cube', name)
  const { distributor_id } = setting
  const ways = { semantic, admin, reader, timeZone: TIME_ZONE, distributor_id }
  const peer = withPeer ? await openPeer(server, folder, name) : null
  try {
    await compareAnswers(ways, questions, peer?.sql ?? null)
    say(`${name}: all ways say the same; measuring ${questions.length} questions`)
    const { figures, page } = await measure(ways, questions, plan.rounds)
    const times = peer ? await measurePeer(peer.sql, questions, TIME_ZONE) : []
    for (const [index, figure] of figures.entries()) print(figure, times[index])
    const result = await admin.query({ query: 'select version()', format: 'JSONCompact' })
    const { data } = await result.json<unknown[]>()
    return {
      facts,
      figures,
      page,
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

/** A tile of the dashboard that nobody measures would be a hole in the promise. Dashboards are data, read as text. */
function checkTiles(measured: string[]) {
  const source = readFileSync(join(root, 'dashboards', 'today.ts'), 'utf8')
  const keys = [...source.matchAll(/\bkey: '([\w-]+)'/g)].flatMap(([, key]) => key ?? [])
  if (keys.length === 0) throw new Error('dashboards/today.ts names no tile')
  const missing = keys.filter((key) => !measured.includes(key))
  if (missing.length > 0) throw new Error(`No question for the tiles ${missing.join(', ')}`)
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

function readArguments(args: string[]): Wanted | null {
  try {
    const { values } = parseArgs({
      args,
      options: {
        rows: { type: 'string', default: String(ROWS_DEFAULT) },
        rounds: { type: 'string', default: String(ROUNDS_DEFAULT) },
        seed: { type: 'string', default: '1' },
      },
    })
    const [rows, rounds, seed] = [Number(values.rows), Number(values.rounds), Number(values.seed)]
    const isFine =
      Number.isSafeInteger(rows) &&
      rows >= ROWS_MIN &&
      Number.isSafeInteger(rounds) &&
      rounds > 0 &&
      rounds <= ROUNDS_MAX &&
      Number.isSafeInteger(seed)
    return isFine ? { rows, rounds, seed } : null
  } catch {
    return null
  }
}
