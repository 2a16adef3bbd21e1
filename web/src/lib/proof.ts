/** What the auditor last found: whether ClickHouse holds what the books of Postgres hold, as of one position. */
export type Proof = {
  equal: boolean
  lsn: string
  as_of: string
  /** Groups of rows compared. */
  checks: number
  /** Rows that are wrong still, and rows that were and have been put right. */
  differences: number
  healed: number
}

/** Who is told how true the numbers are. */
const ROLES = ['admin', 'executive', 'analyst']

export function mayReadProof(user: { role: string } | null | undefined) {
  return user !== null && user !== undefined && ROLES.includes(user.role)
}
