import { error } from '@sveltejs/kit'
import { today } from '../../../../../dashboards/index.ts'
import { loadDashboard } from '#lib/tiles/load.ts'
import { cutAt, readScope } from '#lib/tiles/scope.ts'
import { loadChoices } from './choices.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ fetch, url, parent, depends }) => {
  depends('dashboard')
  const { instance, watermark, rendered_at } = await parent()
  if (!instance || !rendered_at) error(503)

  const scope = readScope(today, url.searchParams, instance.time_zone)
  const now = new Date(rendered_at)
  const [results, choices] = await Promise.all([
    loadDashboard(fetch, today, scope, now, (at) => cutAt(at, watermark)),
    loadChoices(fetch, scope, now),
  ])
  return { scope, results, choices }
}
