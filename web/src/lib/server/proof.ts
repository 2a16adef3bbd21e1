import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Proof } from '#lib/proof.ts'
import { createCache } from './cache.ts'
import { config } from './config.ts'
import { log } from './log.ts'

const TIMEOUT_MS = 1_500
/** The auditor publishes every half minute; all readers together ask this often. */
const TTL_MS = 2_000

const Status = Type.Object({
  audit: Type.Union([
    Type.Null(),
    Type.Object({
      equal: Type.Boolean(),
      lsn: Type.String(),
      as_of: Type.String(),
      checks: Type.Number(),
      differences: Type.Number(),
      healed: Type.Number(),
    }),
  ]),
})

const proofs = createCache<Proof | null>(1)

/** What ingest's auditor last found; null while it has not been once through, or cannot be asked. */
export function proof(): Promise<Proof | null> {
  return proofs.get('proof', async () => ({ value: await ask(), until: Date.now() + TTL_MS }))
}

async function ask(): Promise<Proof | null> {
  try {
    const response = await fetch(`${config.INGEST_URL}/status`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const status: unknown = await response.json()
    if (!Value.Check(Status, status) || status.audit === null) return null
    const { equal, lsn, as_of, checks, differences, healed } = status.audit
    return { equal, lsn, as_of, checks, differences, healed }
  } catch (error) {
    log('warn', 'ingest did not say whether the books agree', { error: String(error) })
    return null
  }
}
