/** What a first start does and what it remembers, so that one that was interrupted is finished. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Config } from './config.ts'
import type { PostgresUrls } from './databases.ts'
import { createDemoInstance, loadDemo } from './demo.ts'
import { createAdmin, createInstance } from './instance.ts'

const FirstRun = Type.Object({
  /** False while it is under way: what was begun is finished by the next start. */
  is_done: Type.Boolean(),
  is_demo: Type.Boolean(),
  login: Type.String(),
  password: Type.String(),
  logins: Type.Array(
    Type.Object({ login: Type.String(), role: Type.String(), name: Type.String() }),
  ),
})
export type FirstRun = Static<typeof FirstRun>

const PASSWORD_BYTES = 9

/** What the finished first start left; null when there was none. */
export function readFirstRun(folder: string): FirstRun | null {
  const known = readState(folder)
  return known?.is_done ? known : null
}

export async function setUpDemo(
  urls: PostgresUrls,
  config: Config,
  { rate, seed }: { rate: number; seed: number },
): Promise<FirstRun> {
  await createDemoInstance(urls.core)
  const target = { coreUrl: urls.core, ownerUrl: urls.owner, folder: config.DATA_DIR }
  const { login, password, logins } = await loadDemo(target, rate, seed)
  return writeState(config.DATA_DIR, { is_done: true, is_demo: true, login, password, logins })
}

/** The instance and its first administrator, whose password is written down before it is used. */
export async function setUpEmpty(urls: PostgresUrls, config: Config): Promise<FirstRun> {
  await createInstance(urls.owner, config)
  const begun = readState(config.DATA_DIR) ?? {
    is_done: false,
    is_demo: false,
    login: 'admin',
    password: randomBytes(PASSWORD_BYTES).toString('base64url'),
    logins: [{ login: 'admin', role: 'admin', name: 'Administrator' }],
  }
  writeState(config.DATA_DIR, begun)
  const target = { databaseUrl: urls.core, folder: config.DATA_DIR }
  await createAdmin(target, begun.login, begun.password)
  return writeState(config.DATA_DIR, { ...begun, is_done: true })
}

function readState(folder: string): FirstRun | null {
  try {
    const data: unknown = JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8'))
    return Value.Check(FirstRun, data) ? data : null
  } catch {
    return null
  }
}

function writeState(folder: string, firstRun: FirstRun): FirstRun {
  writeFileSync(join(folder, 'first-run.json'), JSON.stringify(firstRun), { mode: 0o600 })
  return firstRun
}
