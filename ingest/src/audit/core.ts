import type postgres from 'postgres'
import { CORE_CHECKS } from './core-checks.ts'
import { readOnly } from './reader.ts'
import { parseLsn } from '../source/lsn.ts'

/** How many offenders of a check are listed; all of them are counted. */
export const OFFENDERS_MAX = 10

export type Offender = { key: string; detail: string }
export type CoreResult = {
  name: string
  promise: string
  violations: number
  offenders: Offender[]
}
export type CoreAudit = { lsn: bigint; asOf: Date; results: CoreResult[] }

/** Every invariant of the core, as of one snapshot. */
export async function auditCore(
  databaseUrl: string,
  onResult: (result: CoreResult) => void = () => {},
): Promise<CoreAudit> {
  return readOnly(databaseUrl, async (sql) => {
    const [now] = await sql<{ lsn: string; at: Date }[]>`
        select pg_current_wal_insert_lsn()::text as lsn, clock_timestamp() as at
      `
    if (!now) throw new Error('Postgres did not say where its log ends')
    return { lsn: parseLsn(now.lsn), asOf: now.at, results: await checkCore(sql, onResult) }
  })
}

/** Every invariant, as the transaction sees it. */
export async function checkCore(
  sql: postgres.TransactionSql,
  onResult: (result: CoreResult) => void = () => {},
): Promise<CoreResult[]> {
  const results: CoreResult[] = []
  for (const { name, promise, query } of CORE_CHECKS) {
    const rows = await sql.unsafe<{ key: string; detail: string; total: string }[]>(
      `select key, detail, count(*) over ()::text as total
       from (${query}) as offender
       limit ${OFFENDERS_MAX}`,
    )
    const offenders = rows.map(({ key, detail }) => ({ key, detail }))
    const result = { name, promise, violations: Number(rows[0]?.total ?? 0), offenders }
    results.push(result)
    onResult(result)
  }
  return results
}
