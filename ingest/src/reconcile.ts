/** The part of `npm run reconcile` that proves that the books hold, and that both databases have the same rows. */
import { auditAll, type LedgerDay } from './audit/audit.ts'
import type { AuditConfig } from './audit/config.ts'
import { auditCore, type CoreResult } from './audit/core.ts'
import { SHOWN_ROWS_MAX, type RowDamage } from './audit/rows.ts'
import { connectSink } from './sink/clickhouse.ts'

type Outcome = { lsn: bigint; asOf: Date; checks: number; differences: number; healed: number }

/** `database`: a mirror's of any Postgres; else the product's. */
type Wanted = { database: string | undefined; isHealing: boolean }

/** What must hold inside Postgres. Throws NotComparable without a snapshot. */
export async function reconcileCore({ databaseUrl }: AuditConfig): Promise<Outcome> {
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

/** Every row of both databases, put right if `isHealing`. Throws NotComparable without a position both are at. */
export async function reconcileOlap(
  { databaseUrl, clickhouseUrl, pipe }: AuditConfig,
  { database, isHealing }: Wanted,
): Promise<Outcome> {
  console.log('olap: Postgres and ClickHouse as of one position')
  const sink = connectSink({ url: clickhouseUrl, pipe, ...(database && { database }) })
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
