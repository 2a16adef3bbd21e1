/** `npm run reconcile`: rows and books are compared where they are written, measures where they are defined. */
import { parseArgs } from 'node:util'
import { readAuditConfig, type AuditConfig } from '../ingest/src/audit/config.ts'
import { formatLsn } from '../ingest/src/source/lsn.ts'

const USAGE = 'npm run reconcile [-- core|olap|measures] [--heal] [--database NAME]'
const HELP = `${USAGE}

Proves equality on a running instance. Without a name, all of them:

  core      the ledgers inside Postgres: balanced books, levels that are the sums of their moves, …
  olap      Postgres and ClickHouse, table by table and day by day, as of one position of the log
  measures  every number of the semantic layer beside the same in plain SQL on Postgres, as of one position
  --heal    puts right in ClickHouse what is not as in Postgres
  --database NAME  a mirror of any Postgres (npm run ingest -- --database NAME), which has only olap

Environment: DATABASE_URL and CLICKHOUSE_URL, else the running instance of DATA_DIR (.data); PIPE.
Exit code: 0 equal, 1 not equal or not comparable, 2 wrong usage.`

const RUN_MS_MAX = 60 * 60 * 1_000
const DATABASE = /^[a-z0-9_]{1,40}$/
const PARTS = ['core', 'olap', 'measures'] as const

type Part = (typeof PARTS)[number]
type Wanted = { database: string | undefined; isHealing: boolean }
type Outcome = {
  lsn: bigint
  asOf: Date
  checks: number
  differences: number
  healed: number
  /** How many measures were proved. */
  measures?: number
}

process.exitCode = await main()

async function main(): Promise<number> {
  const wanted = readArguments()
  if (!wanted) return say(`usage: ${USAGE}`, 2)
  if (wanted.isHelp) return say(HELP, 0)
  const config = readAuditConfig(wanted.database)
  if (!config)
    return say('nothing runs here: npm start first, or give DATABASE_URL and CLICKHOUSE_URL', 1)
  const timer = setTimeout(() => {
    console.error(`reconcile gave up after ${RUN_MS_MAX / 60_000} minutes`)
    process.exit(1)
  }, RUN_MS_MAX)
  try {
    const outcomes = new Map<Part, Outcome>()
    for (const part of wanted.parts) {
      outcomes.set(part, await prove(part, config, wanted))
    }
    return conclude(outcomes)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotComparable') throw error
    console.error(error.message)
    const nothing = { lsn: null, as_of: null, checks: 0, differences: null, healed: 0 }
    console.log(
      JSON.stringify({ reconcile: nameOf(wanted.parts), ...nothing, reason: error.message }),
    )
    return 1
  } finally {
    clearTimeout(timer)
  }
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        heal: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        database: { type: 'string' },
      },
    })
    const [name, ...others] = positionals
    const named = PARTS.find((part) => part === name)
    if (others.length > 0 || (name !== undefined && named === undefined)) return null
    const { database } = values
    const all: readonly Part[] = database === undefined ? PARTS : ['olap']
    if (database !== undefined && !DATABASE.test(database)) return null
    if (named !== undefined && !all.includes(named)) return null
    const parts = named === undefined ? all : [named]
    if (values.heal && !parts.includes('olap')) return null
    return { parts, database, isHealing: values.heal, isHelp: values.help }
  } catch {
    return null
  }
}

/** Loaded when its turn comes: the semantic layer takes a second to load, and books need none of it. */
async function prove(part: Part, config: AuditConfig, wanted: Wanted): Promise<Outcome> {
  if (part === 'measures') {
    const { reconcileMeasures } = await import('../semantic/reconcile.ts')
    return reconcileMeasures(config)
  }
  const { reconcileCore, reconcileOlap } = await import('../ingest/src/reconcile.ts')
  return part === 'core' ? reconcileCore(config) : reconcileOlap(config, wanted)
}

function conclude(outcomes: Map<Part, Outcome>): number {
  const last = [...outcomes.values()].at(-1)
  if (!last) throw new Error('nothing was reconciled')
  const sum = (of: (outcome: Outcome) => number) =>
    [...outcomes.values()].reduce((total, one) => total + of(one), 0)
  const differences = sum((one) => one.differences)
  console.log(
    `${differences === 0 ? 'equal' : 'NOT equal'} as of ${formatLsn(last.lsn)}, ${last.asOf.toISOString()}`,
  )
  const parts = [...outcomes].map(([part, one]) => [
    part,
    { checks: one.checks, differences: one.differences },
  ])
  const measures = outcomes.get('measures')?.measures
  console.log(
    JSON.stringify({
      reconcile: nameOf([...outcomes.keys()]),
      lsn: last.lsn.toString(),
      as_of: last.asOf.toISOString(),
      checks: sum((one) => one.checks),
      differences,
      healed: sum((one) => one.healed),
      ...(measures !== undefined && { measures }),
      ...(parts.length > 1 && { parts: Object.fromEntries(parts) }),
    }),
  )
  return differences === 0 ? 0 : 1
}

function nameOf(parts: readonly Part[]): string {
  return parts.length === 1 ? parts.join('') : 'all'
}

function say(text: string, code: number): number {
  if (code === 0) console.log(text)
  else console.error(text)
  return code
}
