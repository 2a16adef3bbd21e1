import { error } from '@sveltejs/kit'
import { askDesk } from '#lib/alerts/ask.ts'
import { alertOf, tabOf } from '#lib/alerts/types.ts'
import { core, patience } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('alerts')
  if (locals.session === null) error(401)
  const tab = tabOf(url.searchParams)
  const selected = alertOf(url.searchParams)
  const asking = core(locals.session)
  try {
    const [desk, assignees] = await Promise.all([
      askDesk(asking, tab, selected),
      asking.GET('/alert-assignees', { signal: patience() }),
    ])
    return { tab, selected, desk, assignees: assignees.data?.items ?? [] }
  } catch (cause) {
    log('warn', 'core-api did not list the alerts', { error: String(cause) })
    error(503)
  }
}
