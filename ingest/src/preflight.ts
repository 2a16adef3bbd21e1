/** What a database lacks before its changes can be carried, and the statement that mends each. */
import type postgres from 'postgres'
import { listMembers, publicationNames } from './catalog/publication.ts'
import { listTables, type CatalogTable } from './catalog/tables.ts'
import type { Scope } from './scope.ts'
import { slotName } from './source/slot.ts'

export type Finding = {
  code: string
  /** Nothing can be carried until it is mended; others only say what is lost. */
  isBlocking: boolean
  problem: string
  statement: string
}

/** One for the stream, one for a table that is copied beside it. */
const SLOTS_WANTED = 2

export async function preflight(
  sql: postgres.Sql,
  { scope, pipe }: { scope: Scope; pipe: string },
): Promise<Finding[]> {
  if (!scope.tables) return []
  const tables = await listTables(sql, scope.tables)
  return [
    ...(await serverFindings(sql, pipe)),
    ...(await rightFindings(sql, scope, tables)),
    ...tables.flatMap(keyFindings),
    ...nothingFound(scope.tables, tables),
  ]
}

type Server = {
  wal_level: string
  version: number
  slots_left: number
  senders_left: number
  has_slot: boolean
  can_replicate: boolean
  role: string
}

async function serverFindings(sql: postgres.Sql, pipe: string): Promise<Finding[]> {
  const [server] = await sql<Server[]>`
    select current_setting('wal_level') as wal_level,
      current_setting('server_version_num')::int as version,
      current_setting('max_replication_slots')::int - (select count(*)::int from pg_replication_slots) as slots_left,
      current_setting('max_wal_senders')::int - (select count(*)::int from pg_stat_replication) as senders_left,
      exists (select from pg_replication_slots where slot_name = ${slotName(pipe)}) as has_slot,
      (select rolreplication or rolsuper from pg_roles where rolname = current_user)
        or coalesce((select pg_has_role(current_user, oid, 'usage') from pg_roles where rolname = 'rds_replication'), false)
        as can_replicate,
      quote_ident(current_user) as role
  `
  if (!server) throw new Error('Postgres did not answer')
  const findings: Finding[] = []
  const add = (code: string, problem: string, statement: string) =>
    findings.push({ code, isBlocking: true, problem, statement })
  if (server.version < 140_000)
    add('OLD_SERVER', 'Postgres is older than 14.', '-- upgrade the server to Postgres 14 or later')
  if (server.wal_level !== 'logical')
    add(
      'WAL_LEVEL',
      `wal_level is ${server.wal_level}: the log does not say what changed in rows. The server must restart.`,
      'alter system set wal_level = logical;',
    )
  if (!server.can_replicate)
    add(
      'NO_REPLICATION_RIGHT',
      `Role ${server.role} may not read the log.`,
      `alter role ${server.role} replication;`,
    )
  const wanted = server.has_slot ? SLOTS_WANTED - 1 : SLOTS_WANTED
  if (server.slots_left < wanted)
    add(
      'NO_SLOT_LEFT',
      `${server.slots_left} replication slots are left, ${wanted} are needed. The server must restart.`,
      `alter system set max_replication_slots = ${await needed(sql, 'max_replication_slots', wanted - server.slots_left)};`,
    )
  if (server.senders_left < SLOTS_WANTED)
    add(
      'NO_SENDER_LEFT',
      `${server.senders_left} senders of the log are left, ${SLOTS_WANTED} are needed. The server must restart.`,
      `alter system set max_wal_senders = ${await needed(sql, 'max_wal_senders', SLOTS_WANTED - server.senders_left)};`,
    )
  return findings
}

async function needed(sql: postgres.Sql, setting: string, more: number): Promise<number> {
  const [row] = await sql<{ value: number }[]>`select current_setting(${setting})::int as value`
  return (row?.value ?? 0) + more
}

type Rights = { oid: number; can_read: boolean; is_owner: boolean; has_usage: boolean }

async function rightFindings(sql: postgres.Sql, scope: Scope, tables: CatalogTable[]) {
  const rows = await sql<Rights[]>`
    select oid::int8::float8, has_table_privilege(oid, 'select') as can_read,
      pg_has_role(relowner, 'usage') as is_owner, has_schema_privilege(relnamespace, 'usage') as has_usage
    from pg_class
    where oid = any (${`{${tables.map(({ oid }) => oid).join(',')}}`}::text::oid[])
  `
  const [us] = await sql<{ role: string; database: string; can_create: boolean }[]>`
    select quote_ident(current_user) as role, quote_ident(current_database()) as database,
      has_database_privilege(current_database(), 'create') as can_create
  `
  const rights = new Map(rows.map((row) => [row.oid, row]))
  const names = publicationNames(scope.publication)
  const published = await listMembers(sql, names)
  const findings: Finding[] = []
  const add = (code: string, problem: string, statement: string) =>
    problem !== '' && findings.push({ code, isBlocking: true, problem, statement })
  for (const table of tables) {
    const name = `${quote(table.schema)}.${quote(table.name)}`
    const right = rights.get(table.oid)
    if (right && !right.has_usage)
      add(
        'NO_SCHEMA_RIGHT',
        `Schema ${table.schema} may not be used.`,
        `grant usage on schema ${quote(table.schema)} to ${us?.role};`,
      )
    if (right && !right.can_read)
      add(
        'NO_READ_RIGHT',
        `Table ${name} may not be read.`,
        `grant select on ${name} to ${us?.role};`,
      )
    if (right && !right.is_owner) add('NOT_OWNER', ...unpublished(table, names, published))
  }
  const [missing] = await sql<{ count: number }[]>`
    select 2 - count(*)::int as count from pg_publication where pubname in ${sql(names)}
  `
  if (missing && missing.count > 0 && us && !us.can_create)
    add(
      'NO_CREATE_RIGHT',
      `Publications ${names.join(' and ')} are not there and may not be made.`,
      `grant create on database ${us.database} to ${us.role};`,
    )
  return findings
}

/** What its owner has to do so that the table is published, and where; nothing when it is. */
function unpublished(
  table: CatalogTable,
  [keyed, keyless]: [string, string],
  published: Set<string>,
): [problem: string, statement: string] {
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const [wanted, other] = table.key.length > 0 ? [keyed, keyless] : [keyless, keyed]
  if (published.has(`${wanted} ${table.oid}`)) return ['', '']
  const drop = published.has(`${other} ${table.oid}`)
    ? `alter publication ${quote(other)} drop table ${name}; `
    : ''
  return [
    `Table ${name} is not in publication ${wanted}, and only its owner can put it there.`,
    `${drop}alter publication ${quote(wanted)} add table ${name};`,
  ]
}

/** Without a key only what is added can be followed, so the owner is asked for one. */
function keyFindings(table: CatalogTable): Finding[] {
  if (table.key.length > 0) return []
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const first = table.columns[0]?.name ?? 'id'
  return [
    {
      code: 'NO_KEY',
      isBlocking: false,
      problem: `Table ${name} has no key: its inserts and truncates are carried, updates and deletes are not.`,
      statement: `alter table ${name} add primary key (${quote(first)});`,
    },
  ]
}

function nothingFound(patterns: string[], tables: CatalogTable[]): Finding[] {
  if (tables.length > 0) return []
  return [
    {
      code: 'NO_TABLES',
      isBlocking: true,
      problem: `No table matches ${patterns.join(', ')}.`,
      statement: "select format('%s.%s', schemaname, tablename) from pg_tables;",
    },
  ]
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
