/**
 * What npm start does once for its own engines, for servers of one's own: both schemas, the instance
 * and its administrator. Doing it again changes nothing but the schemas, which it brings up to date.
 */
import { readServers } from './config.ts'
import { migrateAnalytics, migrateCore } from './databases.ts'
import { createAdmin, createInstance } from './instance.ts'

const config = readServers()
const { DATABASE_URL: owner, CLICKHOUSE_URL: admin, DATA_DIR: folder } = config
const postgres = await migrateCore({ owner })
const clickhouse = await migrateAnalytics({ admin })
await createInstance(owner, config)
await createAdmin({ databaseUrl: owner, folder }, 'admin', config.ADMIN_PASSWORD)
process.stdout.write(`${JSON.stringify({ set_up: 'done', postgres, clickhouse })}\n`)
