/**
 * Has the engine build, in the background, what large parts lack of what their table keeps of each day. Parts that
 * merge get it by themselves; one that a snapshot wrote at its full size may never merge again.
 */
import type { ClickHouseClient } from '@clickhouse/client'

/** Fewer rows are read as fast one by one. */
const ROWS_MIN = 100_000

type Lacking = { table: string; projection: string }

export async function settleParts(client: ClickHouseClient): Promise<Lacking[]> {
  const result = await client.query({
    query: `
      select distinct part.table as table, kept.name as projection
      from system.parts as part
      join system.projections as kept on kept.database = part.database and kept.table = part.table
      where part.database = currentDatabase()
        and part.active
        and part.rows >= {rows: UInt64}
        and not has(part.projections, kept.name)
      order by table, projection`,
    query_params: { rows: ROWS_MIN },
    format: 'JSONEachRow',
  })
  const lacking = await result.json<Lacking>()
  for (const { table, projection } of lacking) {
    // A projection's name cannot be a parameter.
    const name = `\`${projection.replaceAll('`', '``')}\``
    await client.command({
      query: `alter table {table: Identifier} materialize projection ${name}`,
      query_params: { table },
    })
  }
  return lacking
}
