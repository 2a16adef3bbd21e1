/** Tables that match the patterns and are not carried yet: published, then copied. */
import { listPublishedOids, publicationNames, publish } from '../catalog/publication.ts'
import { listTables } from '../catalog/tables.ts'
import { sourceName, type Context } from '../context.ts'

/** How often the catalogue is asked. */
const LOOK_EVERY_MS = 5_000

export function createLook({ scope, control, entries, log }: Context) {
  let lookedAt = 0
  const refused = new Set<number>()

  /** The tables that are to be copied, none most of the time. */
  return async function look(): Promise<string[]> {
    if (!scope.tables || Date.now() - lookedAt < LOOK_EVERY_MS) return []
    lookedAt = Date.now()
    const tables = await listTables(control, scope.tables)
    const published = await listPublishedOids(control, publicationNames(scope.publication))
    const found: string[] = []
    for (const table of tables) {
      const source = sourceName(table)
      if (published.has(table.oid) ? entries.has(source) : refused.has(table.oid)) continue
      try {
        if (!published.has(table.oid)) await publish(control, scope.publication, [table])
        found.push(source)
      } catch (error) {
        // Its owner has to publish it: said once, and found when it is done.
        refused.add(table.oid)
        log.warn({ err: error, table: source }, 'a new table cannot be published')
      }
    }
    return found
  }
}
