import envSchema from 'env-schema'
import Type, { type Static } from 'typebox'

const Config = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({ default: 3001, minimum: 0, maximum: 65535 }),
  DATABASE_URL: Type.String({ minLength: 1 }),
  /** Signs the short-lived tokens that semantic accepts; the same value is given to both. */
  TOKEN_SECRET: Type.String({ minLength: 32 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
  /** Whose `x-forwarded-for` is believed: addresses, networks, `loopback`, `uniquelocal`. Empty: nobody's. */
  TRUST_PROXY: Type.String({ default: '' }),
  /** An order unpaid for longer gives its goods back. */
  UNPAID_MINUTES: Type.Integer({ default: 30, minimum: 1 }),
})

const Database = Type.Pick(Config, ['DATABASE_URL'])

export function readConfig(): Static<typeof Config> {
  return envSchema<Static<typeof Config>>({ schema: Config })
}

const NewPassword = Type.Object({
  ...Database.properties,
  /** A password in a command's arguments would be readable by everyone on the machine. */
  USER_PASSWORD: Type.String({ minLength: 1 }),
})

export function readNewPassword(): Static<typeof NewPassword> {
  return envSchema<Static<typeof NewPassword>>({ schema: NewPassword })
}
