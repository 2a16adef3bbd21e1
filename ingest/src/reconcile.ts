/** `npm run reconcile`: proves that the books hold, and that both databases say the same. */
import { parseArgs } from 'node:util'
import { auditAll, type LedgerDay } from './audit/audit.ts'
import { readAuditConfig, type AuditConfig } from './audit/config.ts'
import { auditCore, type CoreResult } from './audit/core.ts'
import { NotComparable } from './audit/moment.ts'
import { SHOWN_ROWS_MAX, type RowDamage } from './audit/rows.ts'
import { connectSink } from './sink/clickhouse.ts'
import { formatLsn } from './source/lsn.ts'

const USAGE = 'npm run reconcile [-- core|olap] [--heal]'
const HELP = `${USAGE}

Proves equality on a running instance. Without a name, both:

  core    the ledgers inside Postgres: balanced books, levels that are the sums of their moves, …
  olap    Postgres and ClickHouse, table by table and day by day, as of one position of the log
  --heal  puts right in ClickHouse what is not as in Postgres

Environment: DATABASE_URL and CLICKHOUSE_URL, else the running instance of DATA_DIR (.data); PIPE.
Exit code: 0 equal, 1 not equal or not comparable, 2 wrong usage.`

const RUN_MS_MAX = 60 * 60 * 1_000

type Part = 'core' | 'olap'
type Outcome = { lsn: bigint; asOf: Date; checks: number; differences: number; healed: number }

process.exitCode = await run()

async function run(): Promise<number> {
  const wanted = readArguments()
  if (!wanted) return usage()
  if (wanted.isHelp) return say(HELP, 0)
  const config = readAuditConfig()
  if (!config)
    return say('nothing runs here: npm start first, or give DATABASE_URL and CLICKHOUSE_URL', 1)
  const timer = setTimeout(() => {
    console.error(`reconcile gave up after ${RUN_MS_MAX / 60_000} minutes`)
    process.exit(1)
  }, RUN_MS_MAX)
  try {
    const outcomes: Outcome[] = []
    for (const part of wanted.parts) {
      outcomes.push(part === 'core' ? await core(config) : await olap(config, wanted.isHealing))
    }
    return conclude(wanted.parts, outcomes)
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error
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
      },
    })
    const [name] = positionals
    if (positionals.length > 1 || (name !== undefined && name !== 'core' && name !== 'olap'))
      return null
    const parts: Part[] = name === undefined ? ['core', 'olap'] : [name]
    if (values.heal && !parts.includes('olap')) return null
    return { parts, isHealing: values.heal, isHelp: values.help }
  } catch {
    return null
  }
}

async function core({ databaseUrl }: AuditConfig): Promise<Outcome> {
  console.log('core: what must hold inside Postgres')
  const { lsn, asOf, results } = await auditCore(databaseUrl, showCore)
  const differences = results.reduce((sum, result) => sum + result.violations, 0)
  return { lsn, asOf, checks: results.length, differences, healed: 0 }
}

function showCore({ promise, violations, offenders }: CoreResult) {
  console.log(`  ${violations === 0 ? 'ok ' : 'NOT'}  ${promise}`)
  for (const { key, detail } of offenders) console.log(`         ${key}: ${detail}`)
  if (violations > offenders.length) console.log(`         … ${violations - offenders.length} more`)
}

async function olap(
  { databaseUrl, clickhouseUrl, pipe }: AuditConfig,
  isHealing: boolean,
): Promise<Outcome> {
  console.log('olap: Postgres and ClickHouse as of one position')
  const sink = connectSink({ url: clickhouseUrl, pipe })
  try {
    const audit = await auditAll(
      { databaseUrl, sink },
      { isHealing, onTable: (table, checks) => console.log(`  ${table}: ${checks} checks`) },
    )
    for (const day of audit.days) console.log(`  NOT  ${describeDay(day)}`)
    for (const row of audit.rows) showRow(row)
    const rows = audit.healed + audit.differences
    if (rows > SHOWN_ROWS_MAX) console.log(`       … ${rows - audit.rows.length} more rows`)
    if (audit.healed > 0) console.log(`  ${audit.healed} rows put right`)
    return audit
  } finally {
    await sink.close()
  }
}

function describeDay({ table, range, day, postgres, clickhouse, sums }: LedgerDay): string {
  const both = (one: bigint | undefined, other: bigint | undefined) =>
    `${one ?? 0n} in Postgres, ${other ?? 0n} in ClickHouse`
  const amounts = sums
    .map((name, index) => ({ name, one: postgres?.sums[index], other: clickhouse?.sums[index] }))
    .filter(({ one, other }) => (one ?? 0n) !== (other ?? 0n))
    .map(({ name, one, other }) => `; ${name} ${both(one, other)}`)
  const where = day === '' ? `range ${range}` : `${day}, range ${range}`
  return `${table} ${where}: rows ${both(postgres?.count, clickhouse?.count)}${amounts.join('')}`
}

function showRow({ table, key, damage, cells }: RowDamage) {
  if (damage === 'missing' || damage === 'extra') {
    const values = cells.map((cell) => `${cell.column} ${cell.postgres ?? cell.clickhouse}`)
    console.log(`       ${table} ${key} ${damage}: ${values.join(', ')}`)
    return
  }
  console.log(`       ${table} ${key} ${damage}`)
  for (const { column, postgres, clickhouse } of cells) {
    console.log(
      `         ${column}: ${postgres ?? 'no row'} in Postgres, ${clickhouse ?? 'no row'} in ClickHouse`,
    )
  }
}

function conclude(parts: Part[], outcomes: Outcome[]): number {
  const last = outcomes.at(-1)
  if (!last) throw new Error('nothing was reconciled')
  const sum = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((total, one) => total + of(one), 0)
  const differences = sum((one) => one.differences)
  console.log(
    `${differences === 0 ? 'equal' : 'NOT equal'} as of ${formatLsn(last.lsn)}, ${last.asOf.toISOString()}`,
  )
  console.log(
    JSON.stringify({
      reconcile: nameOf(parts),
      lsn: last.lsn.toString(),
      as_of: last.asOf.toISOString(),
      checks: sum((one) => one.checks),
      differences,
      healed: sum((one) => one.healed),
    }),
  )
  return differences === 0 ? 0 : 1
}

function nameOf(parts: Part[]): string {
  return parts.length === 1 ? parts.join('') : 'all'
}

function usage(): number {
  return say(`usage: ${USAGE}`, 2)
}

function say(text: string, code: number): number {
  if (code === 0) console.log(text)
  else console.error(text)
  return code
}
