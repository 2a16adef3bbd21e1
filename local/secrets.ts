/**
 * Every data folder has its own passwords, made at its first start and readable by its owner alone.
 * Copying the folder copies them; nothing is ever taken from the source tree.
 */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SECRET_NAMES = [
  'postgres_owner',
  'postgres_core',
  'postgres_ingest',
  'clickhouse_admin',
  'clickhouse_ingest',
  'clickhouse_cube',
  'token_secret',
] as const

export type Secrets = Record<(typeof SECRET_NAMES)[number], string>

const SECRET_BYTES = 24

export function readSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json')
  mkdirSync(folder, { recursive: true })
  const existing = parseSecrets(readIfThere(file))
  if (existing) return existing

  // Both engines may be started at once: the link lets exactly one of two writers win.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const made = SECRET_NAMES.map((name) => [name, randomBytes(SECRET_BYTES).toString('hex')])
  writeFileSync(draft, JSON.stringify(Object.fromEntries(made), null, 2), { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (readIfThere(file) === null) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const secrets = parseSecrets(readIfThere(file))
  if (!secrets) throw new Error(`${file} does not hold the secrets of this version`)
  return secrets
}

function parseSecrets(text: string | null): Secrets | null {
  if (text === null) return null
  const data: unknown = JSON.parse(text)
  return isSecrets(data) ? data : null
}

function isSecrets(data: unknown): data is Secrets {
  if (typeof data !== 'object' || data === null) return false
  const known = new Map(Object.entries(data))
  return SECRET_NAMES.every((name) => typeof known.get(name) === 'string')
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
