import { error } from '@sveltejs/kit'
import { instance } from './core.ts'
import { currentWatermark } from './live.ts'

/** What every signed-in page has around it. */
export async function loadShell(locals: App.Locals) {
  if (!locals.user) error(503)
  return {
    user: locals.user,
    instance: await instance().catch(() => error(503)),
    watermark: currentWatermark(),
    rendered_at: new Date().toISOString(),
  }
}
