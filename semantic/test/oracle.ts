/**
 * The same numbers a second way: plain SQL over the operational tables of Postgres, not over the ledgers that
 * ClickHouse has copies of.
 */
import type { Sql, TransactionSql } from 'postgres'
import { CUSTOMER_ORACLE } from './oracle/customers.ts'
import { FLOW_ORACLE, FLOW_RELATIONS } from './oracle/flow.ts'
import type { ViewOracle } from './oracle/kind.ts'
import { SALES_ORACLE, SALES_RELATIONS } from './oracle/sales.ts'
import { STOCK_ORACLE, STOCK_RELATIONS } from './oracle/stock.ts'
import { VELOCITY_ORACLE, VELOCITY_RELATIONS } from './oracle/velocity.ts'

export const ORACLE: Record<string, ViewOracle> = {
  ...SALES_ORACLE,
  ...FLOW_ORACLE,
  ...STOCK_ORACLE,
  ...CUSTOMER_ORACLE,
  ...VELOCITY_ORACLE,
}

const RELATIONS = [...SALES_RELATIONS, ...FLOW_RELATIONS, ...STOCK_RELATIONS, ...VELOCITY_RELATIONS]

/** Temporary views, gone with the session: an oracle leaves nothing behind in a database it looks at. */
export async function createOracle(sql: Sql | TransactionSql) {
  for (const [name, query] of RELATIONS) {
    await sql.unsafe(`create temporary view ${name} as ${query}`)
  }
}
