/** Rows are healed in a table, or the table is put in another's place: never both at the same time. */
import type postgres from 'postgres'

const LOCK_CLASS = 7_243_003

/** Held until it is given back or its session ends; false while somebody else has it. */
export async function lockHealing(sql: postgres.Sql, pipe: string): Promise<boolean> {
  const [row] = await sql<{ taken: boolean }[]>`
    select pg_try_advisory_lock(${LOCK_CLASS}::int, hashtext(${pipe})) as taken
  `
  return row?.taken ?? false
}

export async function unlockHealing(sql: postgres.Sql, pipe: string): Promise<void> {
  await sql`select pg_advisory_unlock(${LOCK_CLASS}::int, hashtext(${pipe}))`
}

/** Until the transaction ends. */
export async function lockHealingWithin(
  sql: postgres.TransactionSql,
  pipe: string,
): Promise<boolean> {
  const [row] = await sql<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${pipe})) as taken
  `
  return row?.taken ?? false
}
