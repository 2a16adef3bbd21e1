/** What a new instance needs before anybody can use it: itself, and someone who may log in. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { runToEnd } from './child.ts'
import type { Config } from './config.ts'
import { Problem } from './problem.ts'
import { root } from './root.ts'
import { baseEnvironment } from './services.ts'

const FirstRun = Type.Object({
  is_demo: Type.Boolean(),
  login: Type.String(),
  password: Type.String(),
})
export type FirstRun = Static<typeof FirstRun>

const PASSWORD_BYTES = 9

/** What the finished first start left; null when it never finished, and then it is done again. */
export function readFirstRun(folder: string): FirstRun | null {
  try {
    const data: unknown = JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8'))
    return Value.Check(FirstRun, data) ? data : null
  } catch {
    return null
  }
}

export function writeFirstRun(folder: string, firstRun: FirstRun) {
  writeFileSync(join(folder, 'first-run.json'), JSON.stringify(firstRun), { mode: 0o600 })
}

/** The instance row, once; currency and time zone never change afterwards. */
export async function createInstance(ownerUrl: string, config: Config) {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`
      insert into instance (name, currency, minor_digits, time_zone)
      values (
        ${config.INSTANCE_NAME}, ${config.INSTANCE_CURRENCY},
        ${minorDigitsOf(config.INSTANCE_CURRENCY)}, ${timeZoneOf(config.INSTANCE_TIME_ZONE)}
      )
      on conflict do nothing
    `
  } finally {
    await sql.end()
  }
}

/** The first administrator, with a password nobody has used before. */
export async function createAdmin(coreUrl: string, config: Config): Promise<FirstRun> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  await runToEnd('Creating the administrator', {
    command: process.execPath,
    args: [
      join(root, 'core-api/src/identity/create-user.ts'),
      ...['--login', 'admin', '--role', 'admin', '--name', 'Administrator'],
    ],
    env: { ...baseEnvironment(), DATABASE_URL: coreUrl, USER_PASSWORD: password },
    log: join(config.DATA_DIR, 'log', 'first-run.log'),
  })
  return { is_demo: false, login: 'admin', password }
}

function minorDigitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

function timeZoneOf(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    throw new Problem(
      `INSTANCE_TIME_ZONE ${name} is not a time zone: use a name like Asia/Shanghai.`,
    )
  }
}
