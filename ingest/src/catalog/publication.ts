/** What leaves Postgres: one publication for tables whose rows have a key, one for those that have none. */
import type postgres from 'postgres'
import type { CatalogTable } from './tables.ts'

/**
 * Postgres refuses updates of a table without a key as soon as they are published. So such a table goes into
 * a publication of its own that carries inserts and truncates, and its owner notices nothing.
 */
export function publicationNames(publication: string): [keyed: string, keyless: string] {
  return [publication, `${publication}_append`]
}

/** Makes both publications carry the tables given. What they carried before stays. */
export async function publish(
  sql: postgres.Sql,
  publication: string,
  tables: CatalogTable[],
): Promise<void> {
  const [keyed, keyless] = publicationNames(publication)
  const [row] = await sql<{ version: number }[]>`
    select current_setting('server_version_num')::int as version
  `
  const version = row?.version ?? 0
  await ensure(sql, keyed, optionsOf('insert, update, delete, truncate', version))
  await ensure(sql, keyless, optionsOf('insert, truncate', version))
  const published = await listMembers(sql, [keyed, keyless])
  for (const table of tables) {
    const name = table.key.length > 0 ? keyed : keyless
    if (published.has(`${name} ${table.oid}`)) continue
    const other = name === keyed ? keyless : keyed
    const from = published.has(`${other} ${table.oid}`) ? other : null
    await sql.unsafe(moveStatement(table.oid, { from, to: name }))
  }
}

/**
 * A table that changes its publication, or comes into one. Postgres takes names only, and a name may be another table's by
 * then: in that case nothing is changed, and it fails.
 */
function moveStatement(oid: number, { from, to }: { from: string | null; to: string }): string {
  const leave =
    from && `execute format('alter publication %I drop table %s', ${literal(from)}, wanted);`
  return `
    do $$
    declare
      wanted regclass := ${oid};
    begin
      ${leave ?? ''}
      execute format('alter publication %I add table %s', ${literal(to)}, wanted);
      if not exists (
        select from pg_publication_rel as member
        join pg_publication as publication on publication.oid = member.prpubid
        where member.prrelid = wanted::oid and publication.pubname = ${literal(to)}
      ) then
        raise exception 'the table has another name by now' using errcode = 'object_not_in_prerequisite_state';
      end if;
    end $$`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Tables that are in the publications, by oid. */
export async function listPublishedOids(
  sql: postgres.Sql,
  publications: string[],
): Promise<Set<number>> {
  const members = await listMembers(sql, publications)
  return new Set([...members].map((member) => Number(member.split(' ')[1])))
}

/** Which publication has which table, as `name oid`. */
export async function listMembers(sql: postgres.Sql, names: string[]): Promise<Set<string>> {
  const rows = await sql<{ member: string }[]>`
    select publication.pubname || ' ' || member.prrelid::oid::int8 as member
    from pg_publication_rel as member
    join pg_publication as publication on publication.oid = member.prpubid
    where publication.pubname in ${sql(names)}
  `
  return new Set(rows.map((row) => row.member))
}

function optionsOf(publish: string, version: number): string {
  const generated = version >= 180_000 ? ', publish_generated_columns = stored' : ''
  return `publish = '${publish}', publish_via_partition_root = true${generated}`
}

async function ensure(sql: postgres.Sql, name: string, options: string): Promise<void> {
  const [known] = await sql`select 1 from pg_publication where pubname = ${name}`
  if (!known) await sql`create publication ${sql(name)} with (${sql.unsafe(options)})`
}
