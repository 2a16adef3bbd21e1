import { dirname } from 'node:path'

/** The checkout: every other path hangs from it, whatever folder a command was given in. */
export const root = dirname(import.meta.dirname)
