/** `npm run reconcile -- measures`: every measure of a running instance beside its oracle, at one position of the log. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { NotComparable } from './reconcile/moment.ts'
import { proveMeasures, type Difference, type Outcome, type Sides } from './reconcile/prove.ts'

const SHOWN_ROWS_MAX = 10

const Environment = Type.Object({
  DATABASE_URL: Type.Optional(Type.String({ minLength: 1 })),
  CLICKHOUSE_URL: Type.Optional(Type.String({ minLength: 1 })),
  PIPE: Type.String({ default: 'main', pattern: '^[a-z0-9_]{1,40}$' }),
  DATA_DIR: Type.String({ default: '.data' }),
})
const Running = Type.Object({ database_url: Type.String(), clickhouse_url: Type.String() })

process.exitCode = await main()

async function main(): Promise<number> {
  const [name, ...others] = process.argv.slice(2)
  if (name !== 'measures' || others.length > 0) {
    console.error('usage: npm run reconcile -- measures')
    return 2
  }
  const sides = readSides()
  if (sides === null) {
    console.error('nothing runs here: npm start first, or give DATABASE_URL and CLICKHOUSE_URL')
    return 1
  }
  try {
    return conclude(await proveMeasures(sides))
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error
    console.error(error.message)
    const nothing = { lsn: null, as_of: null, checks: 0, differences: null, healed: 0 }
    console.log(JSON.stringify({ reconcile: 'measures', ...nothing, reason: error.message }))
    return 1
  }
}

function show({ asked: { who, question }, missing, extra }: Difference) {
  console.log(`       ${who.role} ${who.distributor_id ?? ''} ${JSON.stringify(question)}`)
  for (const row of missing.slice(0, SHOWN_ROWS_MAX)) console.log(`         Postgres    ${row}`)
  for (const row of extra.slice(0, SHOWN_ROWS_MAX)) console.log(`         ClickHouse  ${row}`)
}

function conclude(proved: Map<string, Outcome>): number {
  for (const [view, { checks, differences }] of proved) {
    console.log(`  ${differences.length === 0 ? 'ok ' : 'NOT'}  ${view}: ${checks} questions`)
    for (const difference of differences) show(difference)
  }
  const outcomes = [...proved.values()]
  const last = outcomes.toSorted((one, other) => Number(one.lsn - other.lsn)).at(-1)
  if (last === undefined) throw new Error('nothing was reconciled')
  const differences = outcomes.reduce((sum, outcome) => sum + outcome.differences.length, 0)
  console.log(`${differences === 0 ? 'equal' : 'NOT equal'} as of ${last.asOf.toISOString()}`)
  console.log(
    JSON.stringify({
      reconcile: 'measures',
      lsn: last.lsn.toString(),
      as_of: last.asOf.toISOString(),
      checks: outcomes.reduce((sum, { checks }) => sum + checks, 0),
      differences,
      healed: 0,
    }),
  )
  return differences === 0 ? 0 : 1
}

function readSides(): Sides | null {
  const environment = envSchema<Static<typeof Environment>>({ schema: Environment })
  const { DATABASE_URL, CLICKHOUSE_URL, PIPE, DATA_DIR } = environment
  const running = readRunning(join(DATA_DIR, 'instance.json'))
  const databaseUrl = DATABASE_URL ?? running?.database_url
  const clickhouseUrl = CLICKHOUSE_URL ?? running?.clickhouse_url
  if (databaseUrl === undefined || clickhouseUrl === undefined) return null
  return { databaseUrl, clickhouseUrl, pipe: PIPE }
}

function readRunning(file: string): Static<typeof Running> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Value.Check(Running, value) ? value : null
  } catch {
    return null
  }
}
