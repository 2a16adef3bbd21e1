import { envSchema } from 'env-schema'
import { type Static, Type } from 'typebox'

/** Not an argument: those are readable by everyone on the machine. */
const Config = Type.Object({ MARKET_PASSWORD: Type.String({ minLength: 1 }) })

export function readPassword(): string {
  return envSchema<Static<typeof Config>>({ schema: Config }).MARKET_PASSWORD
}
