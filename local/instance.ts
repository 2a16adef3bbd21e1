/** What an instance needs before anybody can use it: itself, and someone who may log in. */
import { join } from 'node:path'
import postgres from 'postgres'
import { runToEnd } from './child.ts'
import type { Config } from './config.ts'
import { Problem } from './problem.ts'
import { root } from './root.ts'
import { baseEnvironment } from './services.ts'

type Founding = Pick<Config, 'INSTANCE_NAME' | 'INSTANCE_CURRENCY' | 'INSTANCE_TIME_ZONE'>

const MINOR_DIGITS_DEFAULT = 2

/** Currency and time zone never change afterwards; an instance that is there stays as it is. */
export async function createInstance(ownerUrl: string, founding: Founding) {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`
      insert into instance (name, currency, minor_digits, time_zone)
      values (
        ${founding.INSTANCE_NAME}, ${founding.INSTANCE_CURRENCY},
        ${minorDigitsOf(founding.INSTANCE_CURRENCY)}, ${timeZoneOf(founding.INSTANCE_TIME_ZONE)}
      )
      on conflict do nothing
    `
  } finally {
    await sql.end()
  }
}

/** A log-in that is there already keeps its password. */
export function createAdmin(
  { databaseUrl, folder }: { databaseUrl: string; folder: string },
  login: string,
  password: string,
): Promise<void> {
  return runToEnd('Creating the administrator', {
    command: process.execPath,
    args: [
      join(root, 'core-api/src/identity/create-user.ts'),
      ...['--login', login, '--role', 'admin', '--name', 'Administrator'],
    ],
    env: { ...baseEnvironment(), DATABASE_URL: databaseUrl, USER_PASSWORD: password },
    log: join(folder, 'log', 'first-run.log'),
  })
}

function minorDigitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? MINOR_DIGITS_DEFAULT
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
