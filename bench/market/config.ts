import { envSchema } from 'env-schema'
import { type Static, Type } from 'typebox'

/** Not arguments: those are readable by everyone on the machine. */
const Login = Type.Object({ MARKET_PASSWORD: Type.String({ minLength: 1 }) })
const Database = Type.Object({ DATABASE_URL: Type.String({ minLength: 1 }) })

export function readPassword(): string {
  return envSchema<Static<typeof Login>>({ schema: Login }).MARKET_PASSWORD
}

export function readDatabaseUrl(): string {
  return envSchema<Static<typeof Database>>({ schema: Database }).DATABASE_URL
}
