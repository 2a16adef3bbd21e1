/**
 * Cube's SQL API: the views as tables for tools that speak Postgres. It lives in the binary of `@cubejs-backend/native`
 * and is off unless `SQL_PORT` and `SQL_PASSWORD` are given. SQL passes by `answer.ts`, which refuses views and members by
 * role, so there is one user, of the company, and no port where anything is shut to him.
 */
import type { SqlPart } from './cube.ts'
import { ALL_ROWS, isForbidden, shutOf } from './access.ts'

export const SQL_USER = 'analyst'

type Settings = { SQL_PORT?: number | undefined; SQL_PASSWORD?: string | undefined }
type Open = { name: string; meta?: Record<string, unknown> }

/** Opens the port; throws with what stands against it. Nothing happens, and null comes back, where no port is wanted. */
export async function startSqlApi(
  part: SqlPart,
  views: readonly (Open & { dimensions: readonly Open[] })[],
  { SQL_PORT, SQL_PASSWORD }: Settings,
): Promise<number | null> {
  if (SQL_PORT === undefined) return null
  if (SQL_PASSWORD === undefined) throw new Error('SQL_PORT needs SQL_PASSWORD')
  if (!part.isNative) {
    throw new Error('SQL_PORT needs the binary of @cubejs-backend/native, which is not installed')
  }
  const shut = views.flatMap((view) => [view, ...view.dimensions]).filter(isShut)
  if (shut.length > 0) {
    throw new Error(`SQL cannot be refused by role: ${shut.map(({ name }) => name).join(', ')}`)
  }
  await part.server.init({
    pgSqlPort: SQL_PORT,
    checkSqlAuth: async (_request, user) => {
      if (user !== SQL_USER) throw new Error('No such user or wrong password')
      return { password: SQL_PASSWORD, securityContext: { scope: ALL_ROWS, isSql: true } }
    },
    canSwitchSqlUser: async () => false,
  })
  return SQL_PORT
}

function isShut({ meta }: Open) {
  return isForbidden(shutOf(meta), { role: SQL_USER, rows: ALL_ROWS })
}
