/** What is done to the tables themselves while rows come and go: one change of shape at a time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Below, Step } from './load.ts'
import { columnsOf, ITEM_COLUMNS, itemsOf, literal, STRANGE_STEPS } from './stranger.ts'

type Sql = postgres.TransactionSql
type Reshape = (sql: Sql, table: string, below: Below) => Promise<unknown>

const PAUSE_MS_MAX = 600
const TABLES_MAX = 6
/** Postgres gives the rows that are there a constant default without a rewrite; the stream says nothing of it. */
const ADDED = [
  'int',
  'text',
  `varchar(10) default 'short'`,
  'bigint default 7',
  `numeric(10,2) not null default 1.5`,
  'text[]',
  'smallint default -1',
  `timestamptz default '2026-02-03 04:05:06+00'`,
  // Computed for each row: only a copy can bring it.
  `text default md5(random()::text)`,
]
const WIDER: Record<string, string> = {
  smallint: 'int',
  integer: 'bigint',
  'character varying(10)': 'varchar(20)',
  'character varying(20)': 'text',
  'character varying(40)': 'varchar(80)',
  'numeric(10,2)': 'numeric(14,3)',
  'numeric(12,2)': 'numeric(20,4)',
}

/** Rows before it and after it are of one transaction with it; half of the time there is a pause behind. */
export const RESHAPES: Step[] = [
  reshape(add),
  reshape(add),
  reshape(drop),
  reshape(rename),
  reshape(rename),
  reshape(widen),
  reshape(widen),
  reshape(createTable),
  reshape(renameTable),
  reshape(swapTables),
  reshape(dropTable),
  reshape(undone),
  reshape(narrow),
]

function reshape(change: Reshape): Step {
  return async (sql, below, tag) => {
    await sleep(below(PAUSE_MS_MAX))
    if (below(2) === 0) await rows(sql, below, `${tag} before`)
    const tables = await itemsOf(sql)
    await change(sql, tables[below(tables.length)] ?? 'item_1', below)
    if (below(2) === 0) await rows(sql, below, `${tag} after`)
  }
}

async function rows(sql: Sql, below: Below, tag: string) {
  for (let count = 1 + below(3); count > 0; count -= 1)
    await STRANGE_STEPS[below(6)]?.(sql, below, tag)
}

async function add(sql: Sql, table: string, below: Below) {
  const name = `x${below(1e6)}`
  await sql.unsafe(`alter table ${table} add column ${name} ${ADDED[below(ADDED.length)]}`)
}

/** Never the last ones, so that there is always something to change. */
async function drop(sql: Sql, table: string, below: Below) {
  const free = (await columnsOf(sql, table)).filter(({ name }) => name.startsWith('x'))
  const column = free[below(free.length)]
  if (column) await sql.unsafe(`alter table ${table} drop column "${column.name}"`)
}

/** Half of the time to the name of one that was dropped in the same moment. */
async function rename(sql: Sql, table: string, below: Below) {
  const free = (await columnsOf(sql, table)).filter(({ name, is_key }) => !is_key && name !== 'at')
  const [one, other] = [free[below(free.length)], free[below(free.length)]]
  if (!one || !other) return
  if (one.name === other.name || !other.name.startsWith('x') || below(2) === 0)
    return sql.unsafe(`alter table ${table} rename column "${one.name}" to x${below(1e6)}`)
  await sql.unsafe(`alter table ${table} drop column "${other.name}"`)
  return sql.unsafe(`alter table ${table} rename column "${one.name}" to "${other.name}"`)
}

async function widen(sql: Sql, table: string, below: Below) {
  const free = (await columnsOf(sql, table)).filter(
    ({ name, type }) => name !== 'id' && WIDER[type],
  )
  const column = free[below(free.length)]
  if (column)
    await sql.unsafe(
      `alter table ${table} alter column "${column.name}" type ${WIDER[column.type]}`,
    )
}

/** Values are rewritten, which no stream tells: the table waits to be copied anew. */
async function narrow(sql: Sql, table: string, below: Below) {
  const free = (await columnsOf(sql, table)).filter(({ type }) => type === 'bigint')
  const column = free[below(free.length)]
  if (!column || below(3) > 0) return
  const type = below(2) === 0 ? 'text' : 'smallint'
  await sql.unsafe(
    `alter table ${table} alter column "${column.name}" type ${type} using ("${column.name}" % 30000)::${type}`,
  )
}

async function createTable(sql: Sql, table: string, below: Below) {
  const tables = await itemsOf(sql)
  if (tables.length >= TABLES_MAX) return dropTable(sql, table)
  const name = `item_${below(1e6)}`
  await sql.unsafe(`create table ${name} (${ITEM_COLUMNS})`)
  const values = [
    String(1 + below(99)),
    literal('text', below, name),
    literal('text[]', below, name),
  ]
  await sql.unsafe(`insert into ${name} (id, note, tags) values (${values.join(', ')})`)
}

async function renameTable(sql: Sql, table: string, below: Below) {
  await sql.unsafe(`alter table ${table} rename to item_${below(20)}`)
}

async function swapTables(sql: Sql, table: string, below: Below) {
  const others = (await itemsOf(sql)).filter((name) => name !== table)
  const other = others[below(others.length)]
  if (!other) return
  await sql.unsafe(`alter table ${table} rename to item_moving`)
  await sql.unsafe(`alter table ${other} rename to ${table}`)
  await sql.unsafe(`alter table item_moving rename to ${other}`)
}

async function dropTable(sql: Sql, table: string) {
  if ((await itemsOf(sql)).length > 2) await sql.unsafe(`drop table ${table}`)
}

/** A change that is undone is none, whatever came while it was there. */
async function undone(sql: Sql, table: string, below: Below) {
  await sql
    .savepoint(async (savepoint) => {
      await add(savepoint, table, below)
      await rows(savepoint, below, 'gone')
      await rename(savepoint, table, below)
      await rows(savepoint, below, 'gone')
      throw new Error('undone')
    })
    .catch(() => {})
}
