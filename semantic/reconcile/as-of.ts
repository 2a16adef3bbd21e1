/**
 * ClickHouse as of one position of the log, while the stream goes on: a database of views named as the tables, each
 * with the rows whose version is below the bound. A ledger keeps every row, so it is exact at any later time. A mirror
 * keeps the row that was the newest then until a merge has dropped it, so what deviates is looked at at another moment.
 * There is no checkpoint in it: an answer is computed anew and not kept.
 */
import { randomBytes } from 'node:crypto'
import type { ClickHouseClient } from '@clickhouse/client'

type Table = { name: string; columns: string[]; key: string }

export type AsOf = {
  address: string
  setBound(bound: bigint): Promise<void>
  drop(): Promise<void>
}

export async function createAsOf(client: ClickHouseClient, clickhouseUrl: string): Promise<AsOf> {
  const source = new URL(clickhouseUrl).pathname.slice(1) || 'analytics'
  const database = `reconcile_${randomBytes(6).toString('hex')}`
  const tables = await readTables(client, source)
  await client.command({ query: `create database ${database}` })
  await client.command({
    query: `create view ${database}.cdc_checkpoint as select * from ${source}.cdc_checkpoint where false`,
  })
  const address = new URL(clickhouseUrl)
  address.pathname = `/${database}`

  return {
    address: address.href,
    async setBound(bound) {
      for (const table of tables) {
        await client.command({ query: viewOf(database, source, table, bound) })
      }
    },
    async drop() {
      await client.command({ query: `drop database if exists ${database}` })
    },
  }
}

function viewOf(database: string, source: string, table: Table, bound: bigint) {
  const columns = table.columns
    .filter((name) => name !== '_version' && name !== '_deleted')
    .join(', ')
  const rows = `from ${source}.${table.name} where _version < toUInt128('${bound}')`
  if (!table.columns.includes('_deleted')) {
    return `create or replace view ${database}.${table.name} as select ${columns} ${rows}`
  }
  return `
    create or replace view ${database}.current_${table.name} as
    select ${columns}
    from (select * ${rows} order by _version desc limit 1 by ${table.key})
    where _deleted = 0
  `
}

async function readTables(client: ClickHouseClient, source: string): Promise<Table[]> {
  const result = await client.query({
    query: `
      select columns.table as name, groupArray(columns.name) as columns, any(tables.sorting_key) as key
      from system.columns as columns
      join system.tables as tables on tables.database = columns.database and tables.name = columns.table
      where columns.database = {source: String} and tables.engine like '%MergeTree'
      group by name
      having has(columns, '_version')
    `,
    query_params: { source },
    format: 'JSONEachRow',
  })
  return result.json<Table>()
}
