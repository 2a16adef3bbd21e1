/**
 * What Cube wrote for a question and said of it (names, types, how its rows are laid out), kept for the next of its
 * shape. Cube reads a question and writes its SQL in 1 to 2 ms of the only thread; what is left are the rows.
 */
import type { execute, Context, SqlQuery, Statement } from './statement.ts'

type Native = typeof import('@cubejs-backend/native')
export type Wrapper = InstanceType<Native['ResultMultiWrapper']>

type Ran = Awaited<ReturnType<typeof execute>>
type Plan = (run: (query: SqlQuery) => Promise<Ran>, context: Context) => Promise<Wrapper>

/** Each is some 20 kB: its SQL, and the words about its members. */
const PLANS_MAX = 500

export type Plans = {
  take(key: string): Plan | undefined
  /** Periods that are compared are several questions; they are left to Cube. */
  keep(key: string, answered: Wrapper, executed: Statement[]): void
}

export function createPlans(native: Native): Plans {
  const kept = new Map<string, Plan>()

  return {
    take(key) {
      const plan = kept.get(key)
      if (plan === undefined) return undefined
      // Asked for again, so it is the newest: a Map keeps the order of insertion.
      kept.delete(key)
      kept.set(key, plan)
      return plan
    },
    keep(key, answered, executed) {
      const plan = planOf(native, answered, executed)
      if (plan === null) return
      kept.set(key, plan)
      const [oldest] = kept.keys()
      if (kept.size > PLANS_MAX && oldest !== undefined) kept.delete(oldest)
    },
  }
}

function planOf(native: Native, answered: Wrapper, executed: Statement[]): Plan | null {
  const [statement, ...others] = executed
  const [transform, ...more] = answered.getTransformData()
  if (statement === undefined || others.length > 0 || more.length > 0) return null
  const [root] = answered.getRootResultObject()
  const { queryType } = transform

  return async (run, context) => {
    const { data, lastRefreshTime } = await run({ ...statement, context })
    const result = new native.ResultWrapper(data)
    result.setTransformData(transform)
    result.setRootResultObject({ ...root, lastRefreshTime: lastRefreshTime.toISOString() })
    return new native.ResultMultiWrapper([result], { queryType, slowQuery: false })
  }
}
