import { error } from '@sveltejs/kit'
import type { CommissionState, Distributor, Explanation } from '#lib/api/client.ts'
import type { Goal } from '#lib/portal/goals.ts'
import { bodyOf, core, patience } from './core.ts'
import { log } from './log.ts'

export type Team = { grade: string; children: Distributor[] }

const PAGE = 500
/** Two thousand below one distributor; who is past them is not listed by name. */
const PAGES_MAX = 4
const ENTRIES_MAX = 20
/** More bars than this nobody follows at once. */
const GOALS_MAX = 6

/** The distributor himself and those directly below, as core-api lets him see them. */
export async function teamOf(session: string, distributor_id: number): Promise<Team> {
  try {
    const nodes = await nodesOf(session)
    return {
      grade: nodes.find((node) => node.id === distributor_id)?.grade ?? '',
      children: nodes.filter((node) => node.parent_id === distributor_id),
    }
  } catch (cause) {
    log('warn', 'core-api did not list the team', { error: String(cause) })
    error(503)
  }
}

/** Everybody a reader may see, in order of id. */
export async function nodesOf(session: string) {
  const nodes: Distributor[] = []
  let after: number | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await core(session).GET('/distributors', {
      params: { query: { limit: PAGE, after } },
      signal: patience(),
    })
    const { items, next } = bodyOf(answer)
    nodes.push(...items)
    if (next === null) break
    after = next
  }
  return nodes
}

/** What is expected of him in the periods that run today; null when core-api did not say. */
export async function goalsOf(session: string): Promise<Goal[] | null> {
  try {
    const answer = await core(session).GET('/goals', { signal: patience() })
    return bodyOf(answer).items.slice(0, GOALS_MAX)
  } catch (cause) {
    log('warn', 'core-api did not list the goals', { error: String(cause) })
    return null
  }
}

/** Where what stands in a state comes from, newest first; null when core-api did not say. */
export async function explanationOf(
  session: string,
  state: CommissionState | null,
): Promise<Explanation | null> {
  try {
    const answer = await core(session).GET('/commissions/explanation', {
      params: { query: { state: state ?? undefined, limit: ENTRIES_MAX } },
      signal: patience(),
    })
    return bodyOf(answer)
  } catch (cause) {
    log('warn', 'core-api did not explain a commission', { error: String(cause) })
    return null
  }
}
