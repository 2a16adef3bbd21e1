/** A Postgres database and a ClickHouse database for one test file, both migrated, both its own. */
import { randomBytes } from 'node:crypto'
import { createClient } from '@clickhouse/client'
import postgres, { type Sql } from 'postgres'
import { inject } from 'vitest'
import { readMigrations, statementsOf } from '../../sql/migrate.ts'

export type Databases = {
  sql: Sql
  /** Admin's address, with the database in its path. */
  clickhouseUrl: string
  clickhouse: ReturnType<typeof createClient>
  /** Replaces every row in ClickHouse by what Postgres has, and moves the checkpoint. */
  copy(): Promise<void>
  stop(): Promise<void>
}

const COPIED = [
  'instance',
  'distributor',
  'product',
  'sku',
  'warehouse',
  'channel',
  'customer',
  'sales_order',
  'order_line',
  'journal_entry',
  'stock_move',
  'commission_entry',
  'order_event',
  'funnel_event',
] as const

export async function startDatabases(): Promise<Databases> {
  const name = `semantic_${randomBytes(4).toString('hex')}`
  const maintenance = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} })
  await maintenance`create database ${maintenance(name)} template ${maintenance(inject('templateDatabase'))}`
  const sql = postgres(inject('databaseUrl'), { database: name, max: 1, onnotice: () => {} })
  const url = new URL(inject('clickhouseUrl'))
  url.pathname = name
  const admin = createClient({ url: inject('clickhouseUrl') })
  await admin.command({ query: `create database ${name}` })
  for (const { text } of await readMigrations('clickhouse')) {
    for (const query of statementsOf(text)) {
      await admin.command({ query: query.replaceAll('analytics.', `${name}.`) })
    }
  }
  const clickhouse = createClient({ url: url.href })

  return {
    sql,
    clickhouseUrl: url.href,
    clickhouse,
    copy: () => copy(sql, clickhouse),
    async stop() {
      await clickhouse.close()
      await admin.command({ query: `drop database ${name}` })
      await admin.close()
      await sql.end()
      await maintenance`drop database ${maintenance(name)} with (force)`
      await maintenance.end()
    },
  }
}

async function copy(sql: Sql, clickhouse: ReturnType<typeof createClient>) {
  for (const table of COPIED) {
    const rows = await sql<{ line: string }[]>`
      select row_to_json(${sql(table)})::text as line
      from ${sql(table)}
    `
    await clickhouse.command({ query: `truncate table ${table}` })
    if (rows.length === 0) continue
    await clickhouse.command({
      // As text, because a number of JavaScript would lose the cents of large amounts.
      query: `insert into ${table} format JSONEachRow\n${rows.map(({ line }) => line).join('\n')}`,
      clickhouse_settings: { date_time_input_format: 'best_effort' },
    })
  }
}

let lsn = 1_000n

/** What ingest does after every batch: the topics that the commit touched are at the commit's position. */
export async function moveCheckpoint(clickhouse: Databases['clickhouse'], ...touched: string[]) {
  lsn += 10n
  const [before] = await topicsOf(clickhouse)
  const topics = {
    ...before?.topics,
    ...Object.fromEntries(touched.map((topic) => [topic, String(lsn)])),
  }
  await clickhouse.insert({
    table: 'cdc_checkpoint',
    format: 'JSONEachRow',
    values: [
      {
        pipe: 'main',
        epoch: 1,
        commit_lsn: String(lsn),
        commit_at: new Date().toISOString().replace('Z', ''),
        topics,
        slot_identity: 'test',
      },
    ],
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
  return String(lsn)
}

async function topicsOf(clickhouse: Databases['clickhouse']) {
  const result = await clickhouse.query({
    query: 'select topics from cdc_checkpoint order by applied_at desc limit 1',
    format: 'JSONEachRow',
  })
  return result.json<{ topics: Record<string, string> }>()
}
