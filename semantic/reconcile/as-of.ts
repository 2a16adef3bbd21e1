/**
 * ClickHouse as of one position of the log, while the stream goes on: a database with tables named as those of the
 * instance, each with the rows whose version is below the bound. A ledger keeps every row, so a view of it is exact at
 * any later time. A mirror keeps the row that was the newest then only until a merge drops it: its parts are attached
 * to a table that drops nothing, before the position and behind it, which copies no data, and read from there. There
 * is no checkpoint in it: an answer is computed anew and not kept.
 */
import { randomBytes } from 'node:crypto'
import type { ClickHouseClient } from '@clickhouse/client'

type Table = {
  name: string
  columns: string[]
  key: string
  partition: string
}

export type AsOf = {
  address: string
  /** Holds what the mirrors have now; `anew` lets go of what was held before. */
  hold(anew?: 'anew'): Promise<void>
  setBound(bound: bigint): Promise<void>
  drop(): Promise<void>
}

export async function createAsOf(client: ClickHouseClient, clickhouseUrl: string): Promise<AsOf> {
  const source = new URL(clickhouseUrl).pathname.slice(1) || 'analytics'
  const database = `reconcile_${randomBytes(6).toString('hex')}`
  const tables = await readTables(client, source)
  const mirrors = tables.filter(({ columns }) => columns.includes('_deleted'))
  const ledgers = tables.filter((table) => !mirrors.includes(table))
  const run = (query: string) => client.command({ query })
  await run(`create database ${database}`)
  await run(
    `create view ${database}.cdc_checkpoint as select * from ${source}.cdc_checkpoint where false`,
  )
  for (const { name, key, partition } of mirrors) {
    await run(`
      create table ${database}.held_${name} as ${source}.${name}
      engine = MergeTree ${partition && `partition by ${partition}`} order by ${key.includes(',') ? `(${key})` : key}
    `)
  }
  const address = new URL(clickhouseUrl)
  address.pathname = `/${database}`

  return {
    address: address.href,
    async hold(anew) {
      await Promise.all(
        mirrors.map(async ({ name }) => {
          const held = `${database}.held_${name}`
          if (anew) await run(`truncate table ${held}`)
          await run(`alter table ${held} attach partition all from ${source}.${name}`)
        }),
      )
    },
    async setBound(bound) {
      const before = `where _version < toUInt128('${bound}')`
      await Promise.all([
        ...ledgers.map((table) =>
          run(`
            create or replace view ${database}.${table.name} as
            select ${shownOf(table)}
            from ${source}.${table.name}
            ${before}
          `),
        ),
        ...mirrors.map((table) =>
          run(`
            create or replace table ${database}.current_${table.name} engine = MergeTree order by tuple() as
            select ${shownOf(table)}
            from (
              select *
              from ${database}.held_${table.name}
              ${before}
              order by _version desc
              limit 1 by ${table.key}
            )
            where _deleted = 0
          `),
        ),
      ])
    },
    async drop() {
      await run(`drop database if exists ${database}`)
    },
  }
}

function shownOf({ columns }: Table) {
  return columns.filter((name) => name !== '_version' && name !== '_deleted').join(', ')
}

async function readTables(client: ClickHouseClient, source: string): Promise<Table[]> {
  const result = await client.query({
    query: `
      select columns.table as name, groupArray(columns.name) as columns, any(tables.sorting_key) as key,
        any(tables.partition_key) as partition
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
