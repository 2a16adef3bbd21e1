/** pgbench's tables and its transaction: by its own program where it is installed, else the same statements. */
import { spawn, spawnSync } from 'node:child_process'
import type postgres from 'postgres'
import { createRandom } from './load.ts'

export const TABLES = ['pgbench_accounts', 'pgbench_branches', 'pgbench_tellers', 'pgbench_history']
const ACCOUNTS = 20_000
const HAS_PGBENCH = spawnSync('pgbench', ['--version']).status === 0

type Source = { sql: postgres.Sql; databaseUrl: string }

/** What `pgbench -i` makes; its history has no key. */
export async function openPgbench(sql: postgres.Sql) {
  await sql.unsafe(`
    create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    create table pgbench_tellers (tid int not null primary key, bid int, tbalance int, filler char(84));
    create table pgbench_accounts (aid int not null primary key, bid int, abalance int, filler char(84));
    create table pgbench_branches (bid int not null primary key, bbalance int, filler char(88));
    insert into pgbench_branches values (1, 0);
    insert into pgbench_tellers select n, 1, 0 from generate_series(1, 10) as n;
    insert into pgbench_accounts select n, 1, 0, '' from generate_series(1, ${ACCOUNTS}) as n;
  `)
}

/** Begins with the truncate pgbench always does. */
export async function load({ sql, databaseUrl }: Source, seed: number, seconds: number) {
  if (HAS_PGBENCH) return pgbench(databaseUrl, seconds)
  const below = createRandom(seed)
  const end = Date.now() + seconds * 1_000
  await sql`truncate pgbench_history`
  await Promise.all(
    [1, 2].map(async () => {
      while (Date.now() < end) {
        const [aid, tid, delta] = [1 + below(ACCOUNTS), 1 + below(10), below(10_000) - 5_000]
        await sql.begin(async (transaction) => {
          await transaction`update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid}`
          await transaction`update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid}`
          await transaction`update pgbench_branches set bbalance = bbalance + ${delta} where bid = 1`
          await transaction`
            insert into pgbench_history (tid, bid, aid, delta, mtime)
            values (${tid}, 1, ${aid}, ${delta}, current_timestamp)
          `
        })
      }
    }),
  )
}

function pgbench(databaseUrl: string, seconds: number): Promise<void> {
  const { username, password, port } = new URL(databaseUrl)
  const child = spawn('pgbench', ['-c', '2', '-T', String(seconds), 'postgres'], {
    env: {
      PATH: process.env.PATH,
      PGHOST: '127.0.0.1',
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
    },
    stdio: 'ignore',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`pgbench ended with ${code}`)),
    )
  })
}
