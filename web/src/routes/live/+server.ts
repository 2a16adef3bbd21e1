import { json, type RequestHandler } from '@sveltejs/kit'
import { currentWatermark, openStream, readerOf } from '#lib/server/live.ts'
import { problem } from '#lib/server/problem.ts'

/** The stream of watermarks; with ?once the newest alone, for networks that swallow streams. */
export const GET: RequestHandler = ({ locals, request, url }) => {
  const reader = readerOf(locals.user)
  if (url.searchParams.has('once')) {
    const watermark = currentWatermark(reader)
    if (!watermark) return problem(503, 'NO_WATERMARK', 'Nothing has come from the source yet')
    return json(watermark, { headers: { 'cache-control': 'no-store' } })
  }

  const stream = openStream(reader, request.headers.get('last-event-id'))
  if (!stream) return problem(503, 'TOO_MANY_STREAMS', 'Too many pages are listening')
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  })
}
