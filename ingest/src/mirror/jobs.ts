/** What there is to copy: published tables that have a place in ClickHouse, largest first. */
import { listPublishedOids, publicationNames } from '../catalog/publication.ts'
import { listTables, type CatalogTable } from '../catalog/tables.ts'
import { sourceName, type Context } from '../context.ts'
import { listPublished } from '../source/copy.ts'
import type { Target } from '../target.ts'
import { ensureMirror, type Job } from './replace.ts'

export async function readJobs(context: Context): Promise<Job[]> {
  const { scope, control, targets, log } = context
  if (scope.tables) {
    const tables = await listTables(control, scope.tables)
    const published = await listPublishedOids(control, publicationNames(scope.publication))
    const jobs: Job[] = []
    for (const table of tables) {
      const target = published.has(table.oid) ? await ensureMirror(context, table) : null
      if (target) jobs.push(jobOf(table, target))
    }
    return jobs
  }
  const published = await listPublished(control, scope.publication)
  return published.flatMap((source) => {
    const target = targets.get(sourceName(source))
    if (!target) log.warn({ table: sourceName(source) }, 'ClickHouse has no such table: left out')
    return target ? [{ source, target, catalog: null, pages: source.pages }] : []
  })
}

function jobOf(table: CatalogTable, target: Target): Job {
  return {
    source: {
      schema: table.schema,
      name: table.name,
      columns: new Set(table.columns.map((column) => column.name)),
      pages: table.pages,
    },
    target,
    catalog: table,
    pages: table.pages,
  }
}
