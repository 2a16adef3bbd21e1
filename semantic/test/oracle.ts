/**
 * The same numbers a second way: plain SQL over the operational tables of Postgres, not over the ledgers that
 * ClickHouse has copies of.
 */
import { CUSTOMER_ORACLE } from './oracle/customers.ts'
import { FLOW_ORACLE, FLOW_RELATIONS } from './oracle/flow.ts'
import type { ViewOracle } from './oracle/kind.ts'
import { PEER_ORACLE } from './oracle/peers.ts'
import { PERFORMANCE_ORACLE, PERFORMANCE_RELATIONS } from './oracle/performance.ts'
import { SALES_ORACLE, SALES_RELATIONS } from './oracle/sales.ts'
import { STOCK_ORACLE, STOCK_RELATIONS } from './oracle/stock.ts'
import { VELOCITY_ORACLE, VELOCITY_RELATIONS } from './oracle/velocity.ts'

export const ORACLE: Record<string, ViewOracle> = {
  ...SALES_ORACLE,
  ...FLOW_ORACLE,
  ...STOCK_ORACLE,
  ...CUSTOMER_ORACLE,
  ...VELOCITY_ORACLE,
  ...PERFORMANCE_ORACLE,
  ...PEER_ORACLE,
}

const RELATIONS = [
  ...SALES_RELATIONS,
  ...FLOW_RELATIONS,
  ...STOCK_RELATIONS,
  ...VELOCITY_RELATIONS,
  ...PERFORMANCE_RELATIONS,
]

/** A connection or a transaction, or one of them that changes what is asked. */
export type Asks = {
  unsafe<Row extends object>(text: string, values?: (string | null)[]): PromiseLike<Row[]>
}

/** Temporary relations, gone with the session: an oracle leaves nothing behind in a database it looks at. */
export async function createOracle(sql: Asks) {
  for (const [name, query, kept, indexes = []] of RELATIONS) {
    await sql.unsafe(`create temporary ${kept ? 'table' : 'view'} ${name} as ${query}`)
    for (const index of indexes) await sql.unsafe(`create index on ${name} ${index}`)
    if (kept) await sql.unsafe(`analyze ${name}`)
  }
}
