/** Test data in the words of the business; each call makes new rows, so tests do not meet. */
import type { Sql } from '../src/lib/postgres.ts'
import { createGoods } from './given-goods.ts'
import { createPartners } from './given-partners.ts'

export type Given = ReturnType<typeof createGiven>

export function createGiven(sql: Sql) {
  return { ...createGoods(sql), ...createPartners(sql) }
}
