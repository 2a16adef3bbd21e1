import type { Context } from '../context.ts'
import { viewColumns, viewName } from './ddl.ts'
import { showColumns } from './replace.ts'

/** A crash may have come after a mirror was changed and before its view was, and nothing may change it again. */
export async function settleViews(context: Context): Promise<void> {
  const result = await context.sink.client.query({
    query: `
      select table, groupArray(name) as names
      from (
        select table, name from system.columns
        where database = currentDatabase() and startsWith(table, 'current_')
        order by table, position
      )
      group by table`,
    format: 'JSONEachRow',
  })
  const views = await result.json<{ table: string; names: string[] }>()
  const shown = new Map(views.map(({ table, names }) => [table, names.join()]))
  for (const target of context.targets.values()) {
    if (!target.source) continue
    const wanted = viewColumns(target).map(({ name }) => name)
    if (shown.get(viewName(target)) !== wanted.join()) await showColumns(context, target)
  }
}
