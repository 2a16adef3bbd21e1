/** What is known, as `/status` and the dashboard's badge have it. */
export type AuditReport = {
  equal: boolean
  lsn: string
  as_of: string
  /** Groups (range and day) compared in this round. */
  checks: number
  /** Rows known to be wrong. */
  differences: number
  healed: number
  /** When the last pass over everything ended. */
  full_pass_at: string
  /** Ranges that have changed and wait for the next round. */
  pending: number
  cost: Cost
}

export type Cost = {
  rows: number
  postgres_ms: number
  clickhouse_ms: number
  /** The two together, as a part of the time since the last round. */
  share: number
}
