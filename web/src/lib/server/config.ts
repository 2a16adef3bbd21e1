import envSchema from 'env-schema'
import { Type, type Static } from 'typebox'

const Config = Type.Object({
  CORE_API_URL: Type.String({ default: 'http://127.0.0.1:3001' }),
  SEMANTIC_URL: Type.String({ default: 'http://127.0.0.1:3002' }),
  INGEST_URL: Type.String({ default: 'http://127.0.0.1:3003' }),
  /** Where browsers reach this server: cookies are for TLS only when it says https. */
  ORIGIN: Type.String({ default: 'http://127.0.0.1:3000' }),
  LOG_LEVEL: Type.Union(
    [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')],
    { default: 'info' },
  ),
})
export type Config = Static<typeof Config>

/** HOST and PORT are read by the server that adapter-node builds around this. */
export const config = envSchema<Config>({ schema: Config })
