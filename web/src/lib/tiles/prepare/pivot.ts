import type { PivotTile } from '../../../../../dashboards/define.ts'
import { parseWhole } from '#lib/decimal.ts'
import { bucketTick } from '#lib/period-words.ts'
import { viewOf } from '../member.ts'
import { answerOf, byBucket, rowsOf } from '../read.ts'
import { addressOf, withOption } from '../scope.ts'
import { pivotTurn, wordOf } from '../turn.ts'
import { rowsText, nameOfBucket, type Setting, type Table } from './setting.ts'
import { writerOf } from './writer.ts'

type Way = { title: string; href: string; isOn: boolean }
export type PivotModel = {
  ways: Way[]
  measures: Way[]
  nameTitle: string
  columns: { bucket: string; tick: string; name: string; isOpen: boolean; total: string }[]
  rows: { id: string; name: string; total: string }[]
  grand: string
  /** How a cell is written: exact, the currency being in the tile's head. */
  write: (value: string | undefined) => string
  footer: string
  summary: string
  table: Table
}

/** The sums come from their own questions, never from the rows: they hold whatever the list was cut at. */
export function preparePivot(tile: PivotTile, setting: Setting): PivotModel {
  const { results, scope, frame, language, format, period } = setting
  const { rows: by, measure } = pivotTurn(tile, scope)
  const answer = answerOf(results, tile.key)
  const count = Math.max(answer?.total ?? 0, answer?.rows.length ?? 0)
  const member = measure.measure
  const totals = byBucket(
    rowsOf(results, `${tile.key}:total`),
    viewOf(member),
    period.grain,
    member,
  )
  const { exact } = writerOf(measure.unit, format)
  const write = (value: string | undefined) =>
    isNothing(value) ? '0' : exact(value ?? '0').replace(format.symbol, '')
  const rows = (answer?.rows ?? []).map((row) => ({
    id: row[by.id] ?? '',
    name: row[by.name] ?? frame.none_of(by.title[language]),
    total: write(row[member] ?? undefined),
  }))
  const grand = write(rowsOf(results, `${tile.key}:total`, 1)[0]?.[member] ?? undefined)
  const nameTitle = by.title[language]

  return {
    ways: waysOf(tile.rows, by, `${tile.key}.by`, ({ id }) => id),
    measures: waysOf(tile.measures, measure, `${tile.key}.of`, ({ measure: each }) => each),
    nameTitle,
    columns: period.buckets.slice(0, (period.open ?? period.buckets.length) + 1).map((bucket) => ({
      bucket,
      tick: bucketTick(bucket, period.grain, language),
      name: nameOfBucket(bucket, setting),
      isOpen: period.buckets.indexOf(bucket) === period.open,
      total: write(totals.get(bucket)),
    })),
    rows,
    grand,
    write,
    footer: rowsText(rows.length, count, setting),
    summary: `${frame.total} ${grand}`,
    table: {
      columns: [{ title: nameTitle }, { title: measure.title[language], isNumber: true }],
      rows: [...rows.map(({ name, total }) => [name, total]), [frame.total, grand]],
    },
  }

  function waysOf<One extends { title: { zh: string; en: string } }>(
    all: readonly One[],
    chosen: One,
    option: string,
    of: (one: One) => string,
  ): Way[] {
    return all.map((one) => ({
      title: one.title[language],
      href: addressOf(scope, withOption(scope, option, wordOf(of(one)))),
      isOn: one === chosen,
    }))
  }
}

/** Whether a cell sold nothing: written paler, so that the eye finds the others. */
export function isNothing(value: string | undefined) {
  return (parseWhole(value) ?? 0n) === 0n
}
