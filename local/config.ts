import { resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'

const Environment = Type.Object({
  /** What the web server binds to; everything else stays on loopback. */
  HOST: Type.String({ default: '127.0.0.1' }),
  /** Where browsers reach the web server, when that is not its own address. */
  ORIGIN: Type.Optional(Type.String()),
  /** The header in which a proxy in front of the web server says who its client is; without it none is believed. */
  ADDRESS_HEADER: Type.Optional(Type.String({ minLength: 1 })),
  PORT_BASE: Type.Optional(Type.Integer({ minimum: 1024, maximum: 65_000 })),
  DATA_DIR: Type.String({ default: '.data' }),
  CLICKHOUSE_MEMORY_BYTES: Type.Integer({ default: 2 * 1024 ** 3, minimum: 512 * 1024 ** 2 }),
  POSTGRES_SHARED_BUFFERS: Type.String({ default: '128MB' }),
  INSTANCE_NAME: Type.String({ default: 'Tributary', minLength: 1 }),
  INSTANCE_CURRENCY: Type.String({ default: 'CNY', pattern: '^[A-Z]{3}$' }),
  INSTANCE_TIME_ZONE: Type.String({ default: 'Asia/Shanghai', minLength: 1 }),
  /** Servers of your own in place of the embedded ones: docs/servers.md. */
  DATABASE_URL: Type.Optional(Type.String()),
  CLICKHOUSE_URL: Type.Optional(Type.String()),
  CUBE_CLICKHOUSE_URL: Type.Optional(Type.String()),
  LOG_LEVEL: Type.String({ default: 'info' }),
})

export type Ports = ReturnType<typeof portsOf>
export type Config = Omit<Static<typeof Environment>, 'PORT_BASE'> & { ports: Ports }

export function readConfig(): Config {
  const { PORT_BASE, ...environment } = envSchema<Static<typeof Environment>>({
    schema: Environment,
  })
  return { ...environment, DATA_DIR: resolve(environment.DATA_DIR), ports: portsOf(PORT_BASE) }
}

const Servers = Type.Object({
  DATA_DIR: Environment.properties.DATA_DIR,
  DATABASE_URL: Type.String(),
  CLICKHOUSE_URL: Type.String(),
  ADMIN_PASSWORD: Type.String({ minLength: 8 }),
  INSTANCE_NAME: Environment.properties.INSTANCE_NAME,
  INSTANCE_CURRENCY: Environment.properties.INSTANCE_CURRENCY,
  INSTANCE_TIME_ZONE: Environment.properties.INSTANCE_TIME_ZONE,
})

/** What set-up.ts needs: two servers that are there already, and the administrator's password. */
export function readServers(): Static<typeof Servers> {
  return envSchema<Static<typeof Servers>>({ schema: Servers })
}

function portsOf(base: number | undefined) {
  if (base === undefined) {
    return {
      web: 3000,
      coreApi: 3001,
      semantic: 3002,
      ingest: 3003,
      clickhouseHttp: 8123,
      clickhouseTcp: 9000,
      postgres: 5433,
    }
  }
  return {
    web: base,
    coreApi: base + 1,
    semantic: base + 2,
    ingest: base + 3,
    clickhouseHttp: base + 4,
    clickhouseTcp: base + 5,
    postgres: base + 6,
  }
}
