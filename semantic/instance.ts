/** Currency and time zone are set once for an instance, so what was read once holds. */
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Run } from './clickhouse.ts'
import { Problem } from './problem.ts'

const Instance = Type.Object({ time_zone: Type.String() })

export type Instance = Static<typeof Instance>

export function createInstance(run: Run): () => Promise<Instance> {
  let known: Instance | null = null

  return async () => {
    if (known) return known
    const { rows } = await run('select time_zone from current_instance limit 1', [])
    const [row] = rows
    if (!Value.Check(Instance, row)) {
      throw new Problem(
        503,
        'NOT_READY',
        'The change stream has not brought anything yet. Try again in a moment.',
      )
    }
    known = row
    return row
  }
}
