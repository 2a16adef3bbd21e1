import type { SeriesTile } from '../../../../../dashboards/define.ts'
import { parseWhole, sum } from '#lib/decimal.ts'
import { missing } from '#lib/format.ts'
import type { Period } from '#lib/period.ts'
import { beforeName, nameIn } from '#lib/period-words.ts'
import { peakOf, type Place } from './series-place.ts'
import type { Setting, Table } from './setting.ts'
import type { Writer } from './writer.ts'

/** What is read out, and the numbers behind it. */
export function toldOf(
  tile: SeriesTile,
  places: readonly Place[],
  period: Period,
  { words, frame, language }: Setting,
  write: Writer,
): { summary: string; table: Table } {
  const name = (bucket: string) => nameIn(period, bucket, frame, language)
  const total = String(sum(places.map(({ now }) => parseWhole(now) ?? 0n)))
  const peak = peakOf(places, period.open, () => 0, write)
  const best = peak === null ? undefined : places[peak.index]
  const title = tile.title[language]
  return {
    summary: best
      ? words.summary_series(
          title,
          tile.gaps ? null : write.exact(total),
          name(best.bucket),
          write.exact(best.now),
        )
      : `${title} ${missing}`,
    table: {
      columns: [
        { title: frame.buckets[period.grain] },
        { title: title, isNumber: true },
        ...(period.before ? [{ title: beforeName(period, frame, language), isNumber: true }] : []),
      ],
      rows: places.map(({ bucket, index, now, before }) => [
        index === period.open ? `${name(bucket)} · ${words.not_over_short}` : name(bucket),
        now === null ? missing : write.exact(now),
        ...(period.before ? [before === null ? missing : write.exact(before)] : []),
      ]),
    },
  }
}
