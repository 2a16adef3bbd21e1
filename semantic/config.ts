import { Type, type Static } from 'typebox'
import { envSchema } from 'env-schema'

const Environment = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({ default: 3002 }),
  /** The `cube` user: read-only, with quoted 64-bit numbers and its own limits. */
  CLICKHOUSE_URL: Type.String(),
  /** Shared with core-api, which signs what is verified here. */
  TOKEN_SECRET: Type.String({ minLength: 16 }),
  /** The change stream whose checkpoint dates the answers. */
  PIPE: Type.String({ default: 'main' }),
  /** Cube's SQL API, where the binary of `@cubejs-backend/native` is installed; off without. */
  SQL_PORT: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  SQL_PASSWORD: Type.Optional(Type.String({ minLength: 16 })),
  LOG_LEVEL: Type.String({ default: 'info' }),
})

export type Config = Static<typeof Environment>

export function readConfig(): Config {
  return envSchema<Config>({ schema: Environment, dotenv: false })
}
