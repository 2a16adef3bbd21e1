import { config } from './config.ts'

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A write must come from a page of ours. The page may have been reached under another name of this
 * machine than ORIGIN (localhost, an address), so the host that was asked counts as ours too.
 */
export function isForeignWrite(request: Request): boolean {
  if (READS.has(request.method)) return false
  const origin = request.headers.get('origin')
  if (origin === null || origin === 'null') return true
  if (origin === config.ORIGIN) return false
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.get('host')
}
