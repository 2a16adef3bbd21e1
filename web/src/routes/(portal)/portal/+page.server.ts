import { loadPanels } from '#lib/board.svelte.ts'
import { portalFetch } from '#lib/portal/fetch.ts'
import { linksOf } from '#lib/server/links.ts'
import { explanationOf, goalsOf, teamOf } from '#lib/server/portal.ts'
import type { PageServerLoad } from './$types'
import { portalPanels } from './panels.ts'
import { STATES } from './prepare.ts'

export const load: PageServerLoad = async ({ fetch, locals, parent, url }) => {
  const { instance, user } = await parent()
  const distributor_id = String(user.distributor_id)
  const asked = url.searchParams.get('why')
  const why = STATES.find((state) => state === asked) ?? null
  const session = locals.session ?? ''

  const goals = await goalsOf(session)
  const panels = portalPanels({
    distributor_id,
    time_zone: instance.time_zone,
    goals: goals ?? [],
  })
  const [results, team, links, explanation] = await Promise.all([
    loadPanels(portalFetch(fetch), panels, new Date()),
    teamOf(session, user.distributor_id ?? 0),
    linksOf(session),
    explanationOf(session, why),
  ])
  return { results, goals, team, ...links, why, explanation, distributor_id }
}
