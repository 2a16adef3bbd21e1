/**
 * How long to wait for more before writing facts. An idle stream writes at once, a busy one when the last batch is
 * written, but no more often than this: many small parts cost ClickHouse merges, and a reader pays for both.
 */
export const PERIOD_MS_MIN = 20

/** A batch this large gains nothing from waiting. */
const ENOUGH_ROWS = 5_000

/** When the facts of the last batch were begun and how long they took. */
export type LastWrite = { startedAt: number; ms: number }

export function lingerMs({ startedAt }: LastWrite, now: number, waitingRows: number): number {
  if (waitingRows >= ENOUGH_ROWS) return 0
  return Math.min(Math.max(0, startedAt + PERIOD_MS_MIN - now), PERIOD_MS_MIN)
}
