import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'

const Config = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({ default: 3003, minimum: 0, maximum: 65_535 }),
  DATABASE_URL: Type.String({ minLength: 1 }),
  CLICKHOUSE_URL: Type.String({ minLength: 1 }),
  // The second source, Kafka, has its own process settings; asking for it here must fail, not be ignored.
  CHANGE_SOURCE: Type.Literal('postgres', { default: 'postgres' }),
  // Names the slot and the checkpoint, so that several streams can leave one database.
  PIPE: Type.String({ pattern: '^[a-z0-9_]{1,40}$' }),
  // How often ClickHouse is compared with Postgres; 0 is never.
  AUDIT_EVERY_S: Type.Integer({ default: 30, minimum: 0, maximum: 86_400 }),
  // What the slot may make Postgres keep before that is worth a warning, and before the slot is dropped so that
  // the source's disk does not fill; 0 is never: by default Postgres's own limit is the last word.
  WAL_WARN_BYTES: Type.Integer({ default: 1024 ** 3, minimum: 0 }),
  WAL_DROP_BYTES: Type.Integer({ default: 0, minimum: 0 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
})

export type Config = Static<typeof Config>

/** `pipe` is its name where the environment gives none. */
export function readConfig(pipe: string): Config {
  return envSchema<Config>({ schema: Config, data: { PIPE: process.env.PIPE ?? pipe } })
}
