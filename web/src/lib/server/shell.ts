import { error } from '@sveltejs/kit'
import { criticalAlerts } from './alerts.ts'
import { instance } from './core.ts'
import { mayReadProof } from '#lib/proof.ts'
import { currentWatermark, readerOf } from './live.ts'
import { proof } from './proof.ts'

/** What every signed-in page has around it. */
export async function loadShell(locals: App.Locals) {
  const { user, session } = locals
  if (!user || session === null) error(503)
  const [told, agreed, critical] = await Promise.all([
    instance().catch(() => error(503)),
    mayReadProof(user) ? proof() : null,
    user.role === 'distributor' ? null : criticalAlerts(session),
  ])
  return {
    user,
    instance: told,
    watermark: currentWatermark(readerOf(user)),
    proof: agreed,
    critical,
    rendered_at: new Date().toISOString(),
  }
}
