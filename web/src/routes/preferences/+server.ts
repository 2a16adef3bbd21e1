import { redirect, type RequestHandler } from '@sveltejs/kit'
import { remember } from '#lib/server/preferences.ts'

/** Language and theme, from a form: with a script the page stays, without one it comes back. */
export const POST: RequestHandler = async ({ cookies, request }) => {
  const form = await request.formData()
  const theme = form.get('theme')
  const lang = form.get('lang')
  if (theme === 'light' || theme === 'dark') remember(cookies, 'theme', theme)
  if (lang === 'zh' || lang === 'en') remember(cookies, 'lang', lang)

  if (request.headers.get('accept')?.includes('text/html')) redirect(303, back(form.get('back')))
  return new Response(null, { status: 204 })
}

/** Back to a path of this site; anything else could lead the reader away. */
function back(path: FormDataEntryValue | null) {
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/'
}
