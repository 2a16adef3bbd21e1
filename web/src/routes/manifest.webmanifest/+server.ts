import type { RequestHandler } from './$types'
import { messages } from '#lib/i18n/index.ts'

const HOUR_SECONDS = 3600
const icons = [
  { src: '/icons/192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
  { src: '/icons/512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
  { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
]

/** What a phone needs to put the page among its apps, in the language the reader has chosen. */
export const GET: RequestHandler = ({ url, locals }) => {
  const asked = url.searchParams.get('lang')
  const lang = asked === 'zh' || asked === 'en' ? asked : locals.lang
  const t = messages[lang]
  const manifest = {
    id: '/',
    lang: t.tag,
    name: t.app.name,
    short_name: t.app.short_name,
    description: t.app.description,
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#f5f6f6',
    theme_color: '#1a56ad',
    icons,
  }
  return new Response(JSON.stringify(manifest), {
    headers: {
      'content-type': 'application/manifest+json',
      'cache-control': `private, max-age=${HOUR_SECONDS}`,
    },
  })
}
