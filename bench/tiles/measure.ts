/** Asks every question by every way, many times over, in turns, so that noise falls on all alike. */
import type { ClickHouseClient } from '@clickhouse/client'
import type { Sql } from 'postgres'
import { clickhouse, postgres, type Dialect } from './dialect.ts'
import type { TileQuestion } from './dashboards.ts'
import type { Question } from './questions/question.ts'
import { moveCheckpoint, type Semantic, type Who } from './stack.ts'

export type Figures = {
  name: string
  group: Question['group']
  tiles: readonly string[]
  p50_ms: number
  p95_ms: number
  /** The quickest of all rounds: what is left when a shared machine's noise is taken away. */
  least_ms: number
  hand_sql_ms: number
  hand_sql_least_ms: number
  final_ms: number
  rows_read: number
}

/** The user's own limits, as the semantic layer has them. */
const SETTINGS = {
  join_use_nulls: 1,
  output_format_json_quote_64bit_integers: 1,
  date_time_output_format: 'simple',
} as const
const PEER_ROUNDS = 3

type Times = {
  question: Question
  cube: number[]
  hand: number[]
  final: number[]
  rowsRead: number
}

type Ways = {
  semantic: Semantic
  admin: ClickHouseClient
  /** As the semantic layer's own user. */
  reader: ClickHouseClient
  timeZone: string
  distributor_id: number
}

/** The three ways must say the same before it means anything how fast they are. */
export async function compareAnswers(ways: Ways, questions: Question[], sql: Sql | null) {
  for (const question of questions) {
    if (question.columns.length === 0) continue
    const { data } = await ways.semantic.load(whoAsks(question, ways), question.query)
    const ours = comparable(data.map((row) => question.columns.map((name) => row[name])))
    const others = [
      { by: 'hand', rows: await readRows(ways.reader, question.sql(clickhouse(ways.timeZone))) },
      {
        by: 'FINAL',
        rows: await readRows(ways.reader, question.sql(clickhouse(ways.timeZone, true))),
      },
      ...(sql === null
        ? []
        : [
            {
              by: 'Postgres',
              rows: [...(await sql.unsafe(question.sql(postgres(ways.timeZone))).values())],
            },
          ]),
    ]
    if (ours.length === 0)
      throw new Error(`${question.name}: nothing to see, so nothing to measure`)
    for (const { by, rows } of others) {
      const theirs = comparable(rows.map((row) => question.columns.map((_, index) => row[index])))
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
        throw new Error(
          `${question.name}: Cube says ${ours.slice(0, 3).join(' ')}, ${by} says ${theirs.slice(0, 3).join(' ')}`,
        )
      }
    }
  }
}

export async function measure(ways: Ways, questions: Question[], rounds: number) {
  const taken = questions.map((question): Times => ({
    question,
    cube: [],
    hand: [],
    final: [],
    rowsRead: 0,
  }))
  const page: number[] = []
  const today = questions.filter(({ group }) => group === 'today').map(({ query }) => query)
  for (let round = 0; round <= rounds; round += 1) {
    await moveCheckpoint(ways.admin, 1_000 + round * 2)
    for (const times of taken) {
      const { question } = times
      const [cube, answer] = await timed(() =>
        ways.semantic.load(whoAsks(question, ways), question.query),
      )
      if (answer.cost.cached) throw new Error(`${question.name} was answered from the cache`)
      times.rowsRead = answer.cost.rows_read
      const [hand] = await timed(() =>
        readRows(ways.reader, question.sql(clickhouse(ways.timeZone))),
      )
      const [final] = await timed(() =>
        readRows(ways.reader, question.sql(clickhouse(ways.timeZone, true))),
      )
      // The first round fills file caches for all three.
      if (round === 0) continue
      times.cube.push(cube)
      times.hand.push(hand)
      times.final.push(final)
    }
    await moveCheckpoint(ways.admin, 1_001 + round * 2)
    const [batch] = await timed(() => ways.semantic.batch(ADMIN, today))
    if (round > 0) page.push(batch)
  }
  const figures = taken.map(
    ({ question: { name, group, tiles }, cube, hand, final, rowsRead }): Figures => ({
      name,
      group,
      tiles,
      p50_ms: quantile(cube, 0.5),
      p95_ms: quantile(cube, 0.95),
      least_ms: quantile(cube, 0),
      hand_sql_ms: quantile(hand, 0.5),
      hand_sql_least_ms: quantile(hand, 0),
      final_ms: quantile(final, 0.5),
      rows_read: rowsRead,
    }),
  )
  return { figures, page: { p50_ms: quantile(page, 0.5), p95_ms: quantile(page, 0.95) } }
}

export type TileFigures = {
  name: string
  p50_ms: number
  p95_ms: number
  least_ms: number
  rows_read: number
  route: string
}

/** Tiles as the dashboards have them, with nothing kept from before. One that is refused stops the run. */
export async function measureTiles(
  { semantic, admin }: Pick<Ways, 'semantic' | 'admin'>,
  questions: TileQuestion[],
  rounds: number,
): Promise<TileFigures[]> {
  const times = questions.map((): number[] => [])
  const costs = questions.map(() => ({ rows_read: 0, route: '' }))
  for (let round = 0; round <= rounds; round += 1) {
    await moveCheckpoint(admin, 1_000_000 + round)
    for (const [index, { query }] of questions.entries()) {
      const [ms, { cost }] = await timed(() => semantic.load(ADMIN, query))
      if (cost.cached) continue
      if (round > 0) times[index]?.push(ms)
      costs[index] = { rows_read: cost.rows_read, route: cost.route }
    }
  }
  return questions.map(({ name }, index) => {
    const taken = times[index] ?? []
    // A tile that was only ever answered from the cache took no time; that is no figure.
    if (taken.length === 0) throw new Error(`${name} was never computed`)
    return {
      name,
      p50_ms: quantile(taken, 0.5),
      p95_ms: quantile(taken, 0.95),
      least_ms: quantile(taken, 0),
      ...(costs[index] ?? { rows_read: 0, route: '' }),
    }
  })
}

/** The peer's time for each question, in order. */
export async function measurePeer(sql: Sql, questions: Question[], timeZone: string) {
  const dialect: Dialect = postgres(timeZone)
  const medians: number[] = []
  for (const question of questions) {
    const times: number[] = []
    for (let round = 0; round <= PEER_ROUNDS; round += 1) {
      const [ms] = await timed(() => sql.unsafe(question.sql(dialect)).values())
      if (round > 0) times.push(ms)
    }
    medians.push(quantile(times, 0.5))
  }
  return medians
}

const ADMIN: Who = { role: 'admin', distributor_id: null }

function whoAsks(question: Question, { distributor_id }: Ways): Who {
  return question.as === 'admin'
    ? ADMIN
    : { role: 'distributor', distributor_id: String(distributor_id) }
}

async function readRows(client: ClickHouseClient, query: string): Promise<unknown[][]> {
  const result = await client.query({ query, format: 'JSONCompact', clickhouse_settings: SETTINGS })
  const { data } = await result.json<unknown[]>()
  return data
}

async function timed<T>(work: () => Promise<T>): Promise<[ms: number, value: T]> {
  const started = performance.now()
  const value = await work()
  return [performance.now() - started, value]
}

function comparable(rows: unknown[][]) {
  return rows.map((row) => JSON.stringify(row.map(String))).toSorted()
}

export function quantile(values: readonly number[], share: number) {
  const sorted = values.toSorted((a, b) => a - b)
  const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)
  return Math.round((sorted[Math.max(0, index)] ?? 0) * 10) / 10
}
