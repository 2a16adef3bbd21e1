import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = ({ locals, depends }) => {
  depends('preferences:any')
  return { lang: locals.lang, theme: locals.theme }
}
