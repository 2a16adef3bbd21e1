/**
 * How long to wait for more before writing facts. An idle stream writes at once. A busy one spends at most
 * half of its time writing: many small parts cost ClickHouse merges, and a reader pays for both.
 */
export const LINGER_MS_MAX = 100
const WRITE_SHARE = 1 / 2

/** A batch this large gains nothing from waiting. */
const ENOUGH_ROWS = 5_000

/** When the facts of the last batch were begun and how long they took. */
export type LastWrite = { startedAt: number; ms: number }

export function lingerMs(last: LastWrite, now: number, waitingRows: number): number {
  if (waitingRows >= ENOUGH_ROWS) return 0
  const period = Math.min(last.ms / WRITE_SHARE, LINGER_MS_MAX)
  return Math.max(0, Math.min(last.startedAt + period - now, LINGER_MS_MAX))
}
