/** What a database needs before anything is mirrored into it: the same tables `sql/clickhouse` gives the product. */
import { readFile } from 'node:fs/promises'
import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { identifier } from '../mirror/ddl.ts'

const FOLDER = new URL('../../../sql/clickhouse/', import.meta.url)
const FILES = [
  '0003_checkpoint.sql',
  '0010_capture.sql',
  '0040_capture_rename.sql',
  '0062_capture_description.sql',
]
const PRODUCT_DATABASE = 'analytics.'

export async function prepareDatabase(url: string, database: string): Promise<void> {
  // Of no database, for the one it makes may not be there yet.
  const client = createClient({ url, application: 'tributary-ingest' })
  try {
    await prepare(client, database)
  } finally {
    await client.close()
  }
}

async function prepare(client: ClickHouseClient, database: string): Promise<void> {
  await client.command({ query: `create database if not exists ${identifier(database)}` })
  for (const name of FILES) {
    const text = await readFile(new URL(name, FOLDER), 'utf8')
    for (const statement of statementsOf(text)) {
      await client.command({
        query: statement.replaceAll(PRODUCT_DATABASE, `${identifier(database)}.`),
      })
    }
  }
}

function statementsOf(text: string): string[] {
  return text
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
