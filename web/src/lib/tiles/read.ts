import type { Position } from '#lib/watermark.ts'
import type { Results } from '#lib/board.svelte.ts'
import type { Answer, Problem, Row } from '#lib/cube.ts'
import { parseWhole } from '#lib/decimal.ts'
import type { Grain, Period } from '#lib/period.ts'

/** One answer of a panel; null while there is none. */
export function answerOf(results: Results, panel: string, index = 0): Answer | null {
  const result = results[panel]?.[index]
  return result?.ok ? result.answer : null
}

export function rowsOf(results: Results, panel: string, index = 0): Row[] {
  return answerOf(results, panel, index)?.rows ?? []
}

export function problemOf(results: Results, panel: string): Problem | null {
  const failed = results[panel]?.find((result) => !result.ok)
  return failed && !failed.ok ? failed.problem : null
}

export function watermarkOf(results: Results, panel: string): Position | null {
  return answerOf(results, panel)?.watermark ?? null
}

export function wholeOf(row: Row | undefined, member: string): bigint | null {
  return parseWhole(row?.[member])
}

/** Nothing was sold is nothing, in a measure that adds up. */
export function sumOf(row: Row | undefined, member: string): bigint {
  return wholeOf(row, member) ?? 0n
}

/** The values of a time series by where their bucket begins; the hour that a clock shows twice is one. */
export function byBucket(
  rows: readonly Row[],
  view: string,
  grain: Grain,
  measure: string,
): Map<string, string> {
  const buckets = new Map<string, string>()
  for (const row of rows) {
    const bucket = row[`${view}.at.${grain}`]
    const value = row[measure]
    if (value === null || value === undefined || !bucket) continue
    buckets.set(bucket, value)
  }
  return buckets
}

/** What an hour without rows has: `empty`, but nothing at all where the clock skipped it. */
export function emptyOr(empty: string | null, { odd }: Pick<Period, 'odd'>, bucket: string) {
  return odd.get(bucket) === 0 ? null : empty
}

export function indexBy(rows: readonly Row[], member: string): Map<string, Row> {
  return new Map(rows.flatMap((row) => (row[member] ? [[row[member], row]] : [])))
}

/** For lengths and heights only, where a pixel is far coarser than a float. */
export function approximate(cents: bigint, minor: bigint) {
  return Number(cents) / Number(minor)
}
