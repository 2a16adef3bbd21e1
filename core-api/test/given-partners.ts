/** Who sells, who buys, and who earns what. */
import type { Sql } from '../src/lib/postgres.ts'
import { unique } from './unique.ts'

export function createPartners(sql: Sql) {
  return { channel, distributor, customer, rule }

  async function channel(fee_bps = 0): Promise<number> {
    const code = unique('CH')
    const [row] = await sql<[{ id: number }]>`
      insert into channel (code, name, fee_bps) values (${code}, ${code}, ${fee_bps}) returning id
    `
    return row.id
  }

  async function distributor({
    parent_id = null,
    grade = 'standard',
    status = 'active',
  }: { parent_id?: number | null; grade?: string; status?: string } = {}): Promise<number> {
    const code = unique('D')
    const [row] = await sql<[{ id: number }]>`
      insert into distributor (code, name, parent_id, grade, status)
      values (${code}, ${code}, ${parent_id}, ${grade}, ${status})
      returning id
    `
    return row.id
  }

  async function customer(distributor_id: number | null = null): Promise<number> {
    const code = unique('C')
    const [row] = await sql<[{ id: number }]>`
      insert into customer (code, name, distributor_id) values (${code}, ${code}, ${distributor_id}) returning id
    `
    return row.id
  }

  async function rule(
    level: 1 | 2,
    rate_bps: number,
    { grade = null, sku_id = null }: { grade?: string | null; sku_id?: number | null } = {},
  ): Promise<number> {
    const [row] = await sql<[{ id: number }]>`
      insert into commission_rule (level, rate_bps, grade, sku_id)
      values (${level}, ${rate_bps}, ${grade}, ${sku_id})
      returning id
    `
    return row.id
  }
}
