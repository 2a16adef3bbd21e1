/** A database that knows nothing of us, with a table of each kind and everything that is done to rows. */
import type postgres from 'postgres'
import type { Below, Step } from './load.ts'

type Sql = postgres.TransactionSql
type Column = { name: string; type: string; is_key: boolean }

export const IDS = 400
const LARGE_ROWS = 200_000
const WORDS = ['tea', 'tab\tand\nline', '中文 🎉', '\\ back', 'a "quoted" one', "it''s", '']

/** Tables whose name begins with `item` have a key `id` and change their shape. */
export const ITEM_COLUMNS = `
  id int primary key, name varchar(40), price smallint, note text, tags text[], numbers int[],
  at timestamptz, day date, amount numeric(12,2), bytes bytea, document jsonb, is_new boolean`

export async function openStranger(sql: postgres.Sql) {
  await sql.unsafe(`
    create table item_1 (${ITEM_COLUMNS});
    create table item_2 (${ITEM_COLUMNS});
    alter table item_2 replica identity full;
    create table place (a int, b text, value bigint, primary key (a, b));
    create table code (id int not null, code text not null unique, note text);
    alter table code replica identity using index code_code_key;
    create table event (at timestamptz, label text, n int);
    create table parent (id int primary key, name text);
    create table child (id int primary key, parent_id int references parent on delete cascade);
    create table sale (id int, day date, amount int, primary key (id, day)) partition by range (day);
    create table sale_2025 partition of sale for values from ('2025-01-01') to ('2026-01-01');
    create table sale_2026 partition of sale for values from ('2026-01-01') to ('2027-01-01');
    create table big (id int primary key, label text, value int);
    insert into item_1 (id, name) select n, 'item ' || n from generate_series(1, ${IDS / 2}) as n;
    insert into parent select n, 'parent ' || n from generate_series(1, 40) as n;
  `)
}

export const STRANGE_STEPS: Step[] = [
  addRows,
  addRows,
  changeRows,
  changeRows,
  changeRows,
  (sql, below) => onItems(sql, below, (table) => `delete from ${table} where id = ${one(below)}`),
  moveKeys,
  undoPart,
  copyIn,
  refill,
  (sql, below, tag) =>
    sql.unsafe(`
    insert into place values (${below(30)}, '${tag.slice(-2)}', ${below(1e6)})
    on conflict (a, b) do update set value = excluded.value`),
  (sql, below) => sql.unsafe(`update place set a = a + 30 where a = ${below(60)}`),
  (sql, below, tag) =>
    sql.unsafe(`
    insert into code values (${below(IDS)}, '${tag}', ${text(below)});
    update code set note = 'seen' where id = ${below(IDS)};
    update code set code = code || '+' where id = ${below(IDS)};
    delete from code where id = ${below(IDS)}`),
  (sql, below, tag) =>
    sql.unsafe(`
    insert into event select clock_timestamp(), '${tag}', n from generate_series(1, ${1 + below(20)}) as n`),
  (sql, below) =>
    sql.unsafe(`
    insert into parent values (${one(below)}, 'again') on conflict do nothing;
    insert into child select ${one(below)}, min(id) from parent on conflict do nothing;
    delete from parent where id = ${one(below)}`),
  (sql, below) =>
    sql.unsafe(`
    insert into sale values (${one(below)}, date '2025-06-01' + ${below(500)}, ${below(1e6)})
    on conflict do nothing;
    update sale set day = day + 200, amount = amount + 1 where id = ${one(below)} and day < '2026-06-01';
    update sale set id = id + ${IDS} where id = ${one(below)} and day > '2026-01-01';
    delete from sale where id = ${one(below)}`),
  empty,
]

/** Sent before it commits, in part undone, and later changed and removed by others as large. */
export const LARGE: Step = async (sql, below, tag) => {
  const rows = LARGE_ROWS / 10 + below(LARGE_ROWS * 0.9)
  await sql.unsafe(`
    delete from big where id % 3 = ${below(3)};
    savepoint before;
    update big set value = -1;
    rollback to before;
    insert into big select n, '${tag}', n from generate_series(1, ${rows}) as n
    on conflict (id) do update set label = excluded.label;
    insert into event values (now(), '${tag}', ${rows})`)
}

async function addRows(sql: Sql, below: Below, tag: string) {
  await onItems(sql, below, (table, columns) => {
    const rows = Array.from({ length: 1 + below(5) }, () => {
      const values = columns.map(({ name, type }) =>
        name === 'id' ? String(one(below)) : literal(type, below, tag),
      )
      return `(${values.join(', ')})`
    })
    return `insert into ${table} values ${rows.join(', ')} on conflict do nothing`
  })
}

/** One column changes, so a large value beside it is not sent. */
async function changeRows(sql: Sql, below: Below, tag: string) {
  await onItems(sql, below, (table, columns) => {
    const free = columns.filter(({ is_key }) => !is_key)
    const column = free[below(free.length)]
    const from = one(below)
    return column
      ? `update ${table} set "${column.name}" = ${literal(column.type, below, tag)}
         where id between ${from} and ${from + below(8)}`
      : 'select 1'
  })
}

/** Two rows change places: for a moment neither has its key. */
async function moveKeys(sql: Sql, below: Below) {
  const [a, b] = [one(below), one(below)]
  await onItems(sql, below, (table) =>
    [
      `update ${table} set id = -1 where id = ${a}`,
      `update ${table} set id = ${a} where id = ${b} and ${a} <> ${b}`,
      `update ${table} set id = ${b} where id = -1`,
    ].join('; '),
  )
}

async function undoPart(sql: Sql, below: Below, tag: string) {
  await addRows(sql, below, `${tag} kept`)
  await sql
    .savepoint(async (savepoint) => {
      await addRows(savepoint, below, `${tag} gone`)
      await changeRows(savepoint, below, `${tag} gone`)
      throw new Error('undone')
    })
    .catch(() => {})
  await changeRows(sql, below, `${tag} kept`)
}

async function copyIn(sql: Sql, below: Below, tag: string) {
  const lines = Array.from({ length: 50 + below(200) }, (_, n) => `\\N\t${tag}\\t${n}\t${n}\n`)
  const copy = await sql.unsafe('copy event from stdin').writable()
  await new Promise((resolve, reject) => {
    copy.once('finish', resolve).once('error', reject).once('close', resolve)
    copy.end(lines.join(''))
  })
}

async function refill(sql: Sql, below: Below, tag: string) {
  if (below(4) > 0) return
  const tables = await itemsOf(sql)
  const table = tables[below(tables.length)]
  await sql.unsafe(`truncate ${table}`)
  await sql.unsafe(`
    insert into ${table} (id, at)
    select n, now() from generate_series(1, ${1 + below(IDS / 2)}) as n on conflict do nothing`)
  await addRows(sql, below, tag)
}

async function empty(sql: Sql, below: Below) {
  const which = ['event', 'parent cascade', 'sale', 'place, code', 'child'][below(20)]
  if (which) await sql.unsafe(`truncate ${which}`)
}

/** Does something to a table of changing shape as it is at this moment. */
export async function onItems(
  sql: Sql,
  below: Below,
  statement: (table: string, columns: Column[]) => string,
) {
  const tables = await itemsOf(sql)
  const table = tables[below(tables.length)] ?? 'item_1'
  const columns = await columnsOf(sql, table)
  await sql.unsafe(statement(table, columns))
}

export async function itemsOf(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe<{ name: string }[]>(`
    select relname as name from pg_class
    where relkind = 'r' and relname like 'item%' and relnamespace = 'public'::regnamespace
    order by 1`)
  return rows.map(({ name }) => name)
}

export async function columnsOf(sql: Sql, table: string): Promise<Column[]> {
  return sql.unsafe<Column[]>(`
    select attname as name, format_type(atttypid, atttypmod) as type, attname = 'id' as is_key
    from pg_attribute
    where attrelid = 'public.${table}'::regclass and attnum > 0 and not attisdropped
    order by attnum`)
}

/** A value of the type as SQL has it; null now and then. */
export function literal(type: string, below: Below, tag: string): string {
  if (below(7) === 0) return 'null'
  const length = /^character varying\((\d+)\)/.exec(type)?.[1]
  if (length) return `left('${tag} ' || ${text(below)}, ${length})`
  switch (type.replace(/\(.*\)/, '')) {
    case 'smallint':
      return String(below(30_000))
    case 'integer':
      return String(below(2 ** 31))
    case 'bigint':
      return `${1 + below(1e9)}${below(1e6)}`
    case 'numeric':
      return `${below(1e9)}.${below(99)}`
    case 'boolean':
      return below(2) === 0 ? 'true' : 'false'
    case 'timestamp with time zone':
      return `timestamptz '2026-01-01' + interval '${below(1e9)} ms'`
    case 'date':
      return `date '2026-01-01' + ${below(400)}`
    case 'bytea':
      return `'\\x${below(2 ** 31)
        .toString(16)
        .padStart(8, '0')}'`
    case 'jsonb':
      return `jsonb_build_object('tag', '${tag}', 'word', ${text(below)})`
    case 'text[]':
      return `array['a', ${text(below)}, null]::text[]`
    case 'integer[]':
      return below(3) === 0 ? `'{}'` : `array[${below(99)}, null, -1]`
    default:
      return below(4) === 0 ? large(below) : text(below)
  }
}

function text(below: Below): string {
  const word = WORDS[below(WORDS.length)] ?? ''
  return `'${word}'`
}

/** Stored beside its row, for it does not compress well. */
function large(below: Below): string {
  return `(select string_agg(md5((n * ${1 + below(1e6)})::text), '') from generate_series(1, 400) as n)`
}

function one(below: Below): number {
  return 1 + below(IDS)
}
