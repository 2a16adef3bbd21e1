/** Tables that match the patterns and are not carried yet: published, then copied. */
import postgres from 'postgres'
import { listPublishedOids, publicationNames, publish } from '../catalog/publication.ts'
import { listTables } from '../catalog/tables.ts'
import { sourceName, type Context } from '../context.ts'

/** Postgres' word for a right that is missing. */
const FORBIDDEN = '42501'

/** How often the catalogue is asked. */
const LOOK_EVERY_MS = 5_000

/** `isLeaving` says of a name that the mirror which has it is about to give it up. */
export function createLook(
  { scope, control, homes, entries, log }: Context,
  isLeaving: (source: string) => boolean,
) {
  let lookedAt = 0
  const refused = new Set<number>()

  /** The tables that are to be copied, none most of the time. */
  return async function look(): Promise<string[]> {
    if (!scope.tables || Date.now() - lookedAt < LOOK_EVERY_MS) return []
    lookedAt = Date.now()
    const tables = await listTables(control, scope.tables)
    const published = await listPublishedOids(control, publicationNames(scope.publication))
    const oids = new Set(tables.map(({ oid }) => oid))
    const stayed = [...homes].filter(([oid]) => oids.has(oid))
    const found: string[] = []
    for (const table of tables) {
      const source = sourceName(table)
      const home = homes.get(table.oid)
      const isCarried = home !== undefined && entries.has(home)
      if (published.has(table.oid) ? isCarried : refused.has(table.oid)) continue
      const isTaken = stayed.some(([oid, kept]) => kept === source && oid !== table.oid)
      if (isTaken || isLeaving(source)) continue
      try {
        if (!published.has(table.oid)) await publish(control, scope.publication, [table])
        found.push(home ?? source)
      } catch (error) {
        // Whatever else came in between, like a new name, the next look finds it.
        if (!isForbidden(error)) {
          log.info({ err: error, table: source }, 'a new table is not published yet: tried again')
          continue
        }
        // Its owner has to publish it: said once, and found when it is done.
        refused.add(table.oid)
        log.warn({ err: error, table: source }, 'a new table cannot be published')
      }
    }
    return found
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === FORBIDDEN
}
