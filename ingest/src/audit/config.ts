/** Which databases to compare: those given, else those of the running instance. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'

const Environment = Type.Object({
  DATABASE_URL: Type.Optional(Type.String({ minLength: 1 })),
  CLICKHOUSE_URL: Type.Optional(Type.String({ minLength: 1 })),
  PIPE: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,40}$' })),
  DATA_DIR: Type.String({ default: '.data' }),
})

const Instance = Type.Object({ database_url: Type.String(), clickhouse_url: Type.String() })

export type AuditConfig = { databaseUrl: string; clickhouseUrl: string; pipe: string }

/** Null when no address is given and nothing runs. A mirror's pipe has the name of its database. */
export function readAuditConfig(database = 'main'): AuditConfig | null {
  const { DATABASE_URL, CLICKHOUSE_URL, PIPE, DATA_DIR } = envSchema<Static<typeof Environment>>({
    schema: Environment,
  })
  const pipe = PIPE ?? database
  if (DATABASE_URL && CLICKHOUSE_URL) {
    return { databaseUrl: DATABASE_URL, clickhouseUrl: CLICKHOUSE_URL, pipe }
  }
  const instance = readInstance(join(DATA_DIR, 'instance.json'))
  if (!instance) return null
  return {
    databaseUrl: DATABASE_URL ?? instance.database_url,
    clickhouseUrl: CLICKHOUSE_URL ?? instance.clickhouse_url,
    pipe,
  }
}

function readInstance(file: string): Static<typeof Instance> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Value.Check(Instance, value) ? value : null
  } catch {
    return null
  }
}
