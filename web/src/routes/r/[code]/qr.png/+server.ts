import type { RequestHandler } from './$types'
import { problem } from '#lib/server/problem.ts'
import { codeOf, linkTo } from '#lib/server/promo.ts'
import { qrPng } from '#lib/server/qr.ts'

const DAY_SECONDS = 24 * 3600

/** The same code is the same picture for good, whether or not the link is still in use. */
export const GET: RequestHandler = ({ params }) => {
  const code = codeOf(params.code)
  if (code === null) return problem(404, 'NOT_FOUND', 'There is no such link')
  return new Response(new Uint8Array(qrPng(linkTo(code))), {
    headers: {
      'content-type': 'image/png',
      'content-disposition': `inline; filename="${code}.png"`,
      'cache-control': `public, max-age=${DAY_SECONDS}`,
    },
  })
}
