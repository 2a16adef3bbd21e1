import { json } from '@sveltejs/kit'
import { mayReadProof } from '#lib/proof.ts'
import { problem } from '#lib/server/problem.ts'
import { proof } from '#lib/server/proof.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals }) => {
  if (!mayReadProof(locals.user)) {
    return problem(
      403,
      'FORBIDDEN',
      'Whether the books agree is told to administrators and executives',
    )
  }
  return json(await proof())
}
