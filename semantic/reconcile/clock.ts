/**
 * One clock for both sides. A window that ends now ends a little later at each question, and never at the same instant
 * in two databases, so whatever reads the clock is given the second of the moment instead.
 */
import type { Run } from '../clickhouse.ts'

/** Whole seconds of Unix time. */
export type Clock = { second: number }

export function stopIn(run: Run, clock: Clock): Run {
  return (sql, values, asking) => run(stopClickHouse(sql, clock), values, asking)
}

export function stopClickHouse(sql: string, { second }: Clock) {
  return sql
    .replaceAll(/\bnow\(\)/g, `toDateTime(${second})`)
    .replaceAll(/\bnow64\((\d)\)/g, `toDateTime64(${second}, $1)`)
}

export function stopPostgres(sql: string, { second }: Clock) {
  return sql.replaceAll('statement_timestamp()', `to_timestamp(${second})`)
}
