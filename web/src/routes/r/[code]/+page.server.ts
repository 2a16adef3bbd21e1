import { error, redirect } from '@sveltejs/kit'
import { CoreError } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { codeOf, visitLink } from '#lib/server/promo.ts'
import type { PageServerLoad } from './$types'

/** A browser that fetches ahead, or a program that looks whether the page is there, has not visited anything. */
function isGlance({ method, headers }: Request) {
  return method !== 'GET' || /prefetch|prerender/.test(headers.get('sec-purpose') ?? '')
}

export const load: PageServerLoad = async ({
  cookies,
  getClientAddress,
  params,
  request,
  setHeaders,
}) => {
  setHeaders({ 'x-robots-tag': 'noindex' })
  const code = codeOf(params.code)
  if (code === null) error(404)
  if (isGlance(request)) return { distributor: null, channel: null }

  const target = await visitLink(code, cookies, getClientAddress()).catch((cause: unknown) => {
    if (cause instanceof CoreError && cause.status === 429) {
      setHeaders({ 'retry-after': String(cause.retry_after_seconds ?? 1) })
      error(429)
    }
    log('warn', 'core-api did not say where a link leads', { error: String(cause) })
    error(503)
  })
  if (target === null) error(404)
  // Core-api made it from the address that staff have set; nothing of this request chose its host.
  if (target.url !== null) redirect(302, target.url, { external: true })
  return { distributor: target.distributor, channel: target.channel }
}
