import { error, fail } from '@sveltejs/kit'
import { loadPanels } from '#lib/board.svelte.ts'
import { portalFetch } from '#lib/portal/fetch.ts'
import { bodyOf, core, CoreError, patience } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { linksOf, placesOf } from '#lib/server/links.ts'
import type { Actions, PageServerLoad } from './$types'
import { linkPanels } from './panels.ts'

const NAME_CHARS_MAX = 100

export const load: PageServerLoad = async ({ fetch, locals, parent }) => {
  const { instance, user } = await parent()
  const session = locals.session ?? ''
  const distributor_id = String(user.distributor_id)
  const panels = linkPanels({ distributor_id, time_zone: instance.time_zone })
  const [results, links, places] = await Promise.all([
    loadPanels(portalFetch(fetch), panels, new Date()),
    linksOf(session),
    placesOf(session),
  ])
  return { results, ...links, ...places, distributor_id }
}

export const actions: Actions = {
  create: async ({ locals, request }) => {
    const form = await request.formData()
    const name = text(form.get('name'))
    const channel_id = Number(form.get('channel'))
    const product_id = Number(form.get('product')) || null
    return attempt({ name }, async () => {
      const answer = await core(locals.session ?? '').POST('/promo-links', {
        body: { name, channel_id, product_id },
        headers: { 'idempotency-key': text(form.get('key')) || crypto.randomUUID() },
        signal: patience(),
      })
      return { created: bodyOf(answer).code }
    })
  },
  change: async ({ locals, request }) => {
    const form = await request.formData()
    return attempt({}, async () => {
      const answer = await core(locals.session ?? '').PATCH('/promo-links/{id}', {
        params: { path: { id: Number(form.get('id')) } },
        body: { is_disabled: form.get('disable') === 'yes' },
        signal: patience(),
      })
      return { changed: bodyOf(answer).code }
    })
  },
}

/** A refusal is told by its code; the page has the words. */
async function attempt<Done>(said: object, work: () => Promise<Done>) {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof CoreError)) error(503)
    log('warn', 'core-api refused a promo link', { error: String(cause) })
    return fail(cause.status, { ...said, code: cause.code ?? 'UNKNOWN' })
  }
}

function text(value: FormDataEntryValue | null) {
  return typeof value === 'string' ? value.trim().slice(0, NAME_CHARS_MAX) : ''
}
