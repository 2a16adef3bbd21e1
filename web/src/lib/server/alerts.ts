/** How much urgent work is open, for the rail: the same for all who may see it, so it is asked once for all. */
import { createCache } from './cache.ts'
import { bodyOf, core, patience } from './core.ts'
import { log } from './log.ts'

/** However many look on, and however fast alerts change, core-api is asked twice a second. */
const TTL_MS = 500

const counts = createCache<number>(1)

/** Null where core-api did not say: a number that may be wrong is worse than none. */
export async function criticalAlerts(session: string): Promise<number | null> {
  try {
    return await counts.get('critical', async () => {
      const answer = await core(session).GET('/alert-counts', { signal: patience() })
      return { value: bodyOf(answer).critical, until: Date.now() + TTL_MS }
    })
  } catch (cause) {
    log('warn', 'core-api did not count the alerts', { error: String(cause) })
    return null
  }
}
