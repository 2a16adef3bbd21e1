import { error } from '@sveltejs/kit'
import { instance } from './core.ts'
import { mayReadProof } from '#lib/proof.ts'
import { currentWatermark } from './live.ts'
import { proof } from './proof.ts'

/** What every signed-in page has around it. */
export async function loadShell(locals: App.Locals) {
  if (!locals.user) error(503)
  return {
    user: locals.user,
    instance: await instance().catch(() => error(503)),
    watermark: currentWatermark(),
    proof: mayReadProof(locals.user) ? await proof() : null,
    rendered_at: new Date().toISOString(),
  }
}
