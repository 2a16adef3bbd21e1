import { error, fail } from '@sveltejs/kit'
import { CoreError } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { changeRule, changeShop, settingsOf } from '#lib/server/settings.ts'
import { parseRule, textsOf, type Said } from './parse.ts'
import type { Actions, PageServerLoad } from './$types'

const LETTERS_MAX = 500

export const load: PageServerLoad = async ({ locals }) => ({
  ...(await settingsOf(sessionOf(locals))),
  may_change_shops: locals.user?.role === 'admin',
})

export const actions: Actions = {
  rule: async ({ locals, request }) => {
    const said = textsOf(await request.formData(), LETTERS_MAX)
    const of = said['kind'] ?? ''
    const parsed = parseRule(said)
    if ('wrong' in parsed) return fail(400, refusal(of, said, 'VALIDATION', [parsed.wrong]))
    return attempt(of, said, () => changeRule(sessionOf(locals), parsed.change))
  },
  shop: async ({ locals, request }) => {
    const said = textsOf(await request.formData(), LETTERS_MAX)
    const of = `shop-${said['id']}`
    return attempt(of, said, () =>
      changeShop(sessionOf(locals), Number(said['id']), said['url'] ?? ''),
    )
  },
}

/** `of`: the form of the page it is about. A refusal is told by its code and its fields; the page has the words. */
async function attempt(of: string, said: Said, work: () => Promise<unknown>) {
  try {
    await work()
    return { of, is_saved: true, said: null, code: null, fields: [] }
  } catch (cause) {
    if (!(cause instanceof CoreError)) {
      log('warn', 'core-api did not take a setting', { error: String(cause) })
      return fail(503, refusal(of, said, 'DEPENDENCY_DOWN', []))
    }
    return fail(cause.status, refusal(of, said, cause.code ?? 'UNKNOWN', cause.fields))
  }
}

function refusal(of: string, said: Said, code: string, fields: string[]) {
  return { of, is_saved: false, said, code, fields }
}

function sessionOf({ session }: App.Locals): string {
  if (session === null) error(401)
  return session
}
