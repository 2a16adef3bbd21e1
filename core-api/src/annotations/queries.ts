import type { Queryable } from '../lib/postgres.ts'
import type { Annotation, NewAnnotation } from './schema.ts'

/** Of two business days and those between, in the order of what happened. */
export async function listAnnotations(
  sql: Queryable,
  { from, to, limit }: { from: string; to: string; limit: number },
) {
  return sql<Annotation[]>`
    select annotation.id, at, text, app_user.name as written_by, written_at
    from annotation
    join app_user on app_user.id = annotation.written_by
    where removed_at is null
      and at >= ${from}::date - 1
      and at < ${to}::date + 2
      and business_day(at) between ${from}::date and ${to}::date
    order by at, annotation.id
    limit ${limit}
  `
}

export async function findAnnotation(sql: Queryable, id: number) {
  const [row] = await sql<[Annotation?]>`
    select annotation.id, at, text, app_user.name as written_by, written_at
    from annotation
    join app_user on app_user.id = annotation.written_by
    where annotation.id = ${id} and removed_at is null
  `
  return row
}

export async function insertAnnotation(sql: Queryable, userId: number, note: NewAnnotation) {
  const [row] = await sql<[{ id: number }]>`
    insert into annotation (at, text, written_by)
    values (${note.at}::timestamptz, ${note.text}, ${userId})
    returning id
  `
  return row.id
}

export async function removeAnnotation(sql: Queryable, id: number) {
  await sql`
    update annotation
    set removed_at = now()
    where id = ${id}
  `
}
