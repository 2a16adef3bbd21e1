import measures from '../../../../../docs/measures.md?raw'
import type { RequestHandler } from './$types'

/** What every number means, how it is computed and what proves it: the page that the cards link to. */
export const GET: RequestHandler = () =>
  new Response(measures, { headers: { 'content-type': 'text/markdown; charset=utf-8' } })
