import type { Writer } from './writer.ts'

/** One bucket of a series, beside the one it is compared with. */
export type Place = { bucket: string; index: number; now: string | null; before: string | null }

/** The highest of the buckets that are over. */
export function peakOf(
  places: readonly Place[],
  open: number | null,
  height: (value: string | null) => number,
  write: Writer,
) {
  const until = open ?? places.length
  const best = places
    .slice(0, until)
    .reduce<Place | null>(
      (peak, place) => (write.size(place.now) > write.size(peak?.now ?? null) ? place : peak),
      null,
    )
  if (!best || best.now === null) return null
  return { index: best.index, y: height(best.now), text: write.column([best.now])(best.now) }
}
