/**
 * What a page was answered a moment ago. Whoever opens the same page with the same rights sees it at once, each
 * number with its age, and asks in the next breath for what has changed since: old data until the new is there, from
 * the first paint on.
 */
import type { User } from '#lib/api/client.ts'
import type { Results } from '#lib/board.svelte.ts'
import { createCache } from './cache.ts'

/**
 * The age that answers may have by design. A page that is shown once, printed or read without script is never older
 * than one that is live.
 */
export const RECENT_MS_MAX = 1_000
/** A page's answers are some hundred kilobytes. */
const PAGES_MAX = 64
/** Every zone's day begins on one of these: what was "today" before it is not shown as today after it. */
const SLOT_MS = 15 * 60_000
const FORBIDDEN = 403

/** Rights are the role's and the distributor's; `view` is everything else that the questions depend on. */
export type Asked = { user: Pick<User, 'role' | 'distributor_id'>; view: string; now: Date }

export function createRecent<Page extends { results: Results }>() {
  const pages = createCache<Page>(PAGES_MAX)

  return function recently({ user, view, now }: Asked, ask: () => Promise<Page>): Promise<Page> {
    const slot = Math.floor(now.getTime() / SLOT_MS)
    const key = JSON.stringify([user.role, user.distributor_id, slot, view])
    return pages.get(key, async () => {
      const page = await ask()
      return { value: page, until: isWhole(page) ? now.getTime() + RECENT_MS_MAX : 0 }
    })
  }
}

/** A failure is nobody else's to see; a no is the same for everybody of the same rights. */
function isWhole({ results }: { results: Results }) {
  return Object.values(results)
    .flat()
    .every((result) => result.ok || result.problem.status === FORBIDDEN)
}
