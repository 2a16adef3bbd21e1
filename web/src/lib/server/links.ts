/** A distributor's promo links, and what he can make one for. */
import { error } from '@sveltejs/kit'
import { LINKS_MAX } from '#lib/portal/links.ts'
import { config } from './config.ts'
import { bodyOf, core, patience } from './core.ts'
import { log } from './log.ts'

/** More than this nobody picks from a list. */
const CHOICES_MAX = 500

export async function linksOf(session: string) {
  return orUnavailable(async () => {
    const answer = await core(session).GET('/promo-links', {
      params: { query: { limit: LINKS_MAX } },
      signal: patience(),
    })
    return { links: bodyOf(answer).items, base: new URL(config.ORIGIN).origin }
  })
}

/** Where a link may lead: a channel that is visited, and a product in it. */
export async function placesOf(session: string) {
  return orUnavailable(async () => {
    const query = { params: { query: { limit: CHOICES_MAX } }, signal: patience() }
    const [channels, products] = await Promise.all([
      core(session).GET('/channels', query),
      core(session).GET('/products', query),
    ])
    return {
      channels: bodyOf(channels).items.filter(({ kind }) => kind !== 'store'),
      products: bodyOf(products).items.filter(({ status }) => status === 'active'),
    }
  })
}

async function orUnavailable<Body>(ask: () => Promise<Body>): Promise<Body> {
  try {
    return await ask()
  } catch (cause) {
    log('warn', 'core-api did not list promo links', { error: String(cause) })
    error(503)
  }
}
