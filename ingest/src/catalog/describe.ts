/** Types as the catalogue describes them, domains resolved, arrays with what they hold. */
import type postgres from 'postgres'
import type { SourceType } from './types.ts'

export type TypeReference = { oid: number; modifier: number }

type Row = {
  oid: number
  base: string
  text: string
  modifier: number
  typtype: string
  element: number
}

export async function describeTypes(
  sql: postgres.Sql,
  references: TypeReference[],
): Promise<SourceType[]> {
  const rows = await resolve(sql, references)
  const elements = rows.map((row) => ({ oid: row.element, modifier: row.modifier }))
  const wanted = elements.filter(({ oid }) => oid !== 0)
  const described = wanted.length > 0 ? await resolve(sql, wanted) : []
  let next = 0
  return rows.map((row) => {
    const element = row.element === 0 ? undefined : described[next++]
    return { ...typeOf(row), element: element ? typeOf(element) : null }
  })
}

function typeOf({ base, text, modifier, typtype }: Row): SourceType {
  const kind = typtype === 'e' ? 'enum' : typtype === 'b' ? 'scalar' : 'other'
  return { base, text, modifier, kind, element: null }
}

/** A domain's own modifier counts where the column has none. */
async function resolve(sql: postgres.Sql, references: TypeReference[]): Promise<Row[]> {
  const oids = references.map(({ oid }) => oid)
  const modifiers = references.map(({ modifier }) => modifier)
  return sql<Row[]>`
    with recursive wanted as (
      select position, oid, modifier
      from unnest(${`{${oids.join(',')}}`}::text::oid[], ${`{${modifiers.join(',')}}`}::text::int[])
        with ordinality as given (oid, modifier, position)
    ), resolved as (
      select wanted.position, wanted.oid, wanted.modifier
      from wanted
      union all
      select resolved.position, type.typbasetype,
        case when resolved.modifier = -1 then type.typtypmod else resolved.modifier end
      from resolved
      join pg_type as type on type.oid = resolved.oid
      where type.typtype = 'd'
    )
    select resolved.oid::int8::float8 as oid, type.typname as base, resolved.modifier,
      format_type(resolved.oid, resolved.modifier) as text, type.typtype::text,
      case when type.typcategory = 'A' and type.typelem <> 0 then type.typelem::int8::float8 else 0 end as element
    from resolved
    join pg_type as type on type.oid = resolved.oid
    where type.typtype <> 'd'
    order by resolved.position
  `
}
