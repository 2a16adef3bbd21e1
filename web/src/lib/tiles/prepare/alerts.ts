import type { AlertsTile } from '../../../../../dashboards/define.ts'
import { parseDecimal } from '#lib/decimal.ts'
import { durationText } from '#lib/moment.ts'
import { severities } from '../ask-stock.ts'
import type { Row } from '#lib/cube.ts'
import { answerOf, indexBy, rowsOf, sumOf, wholeOf } from '../read.ts'
import type { Setting, Table } from './setting.ts'

export type AlertIcon = 'critical' | 'alert' | 'watch'
export type AlertsModel = {
  rows: {
    id: string
    name: string
    warehouse: string
    severity: string
    icon: AlertIcon
    reason: string
    left: string
    isBad: boolean
  }[]
  sub: string
  summary: string
  table: Table
}

const icons = { out: 'critical', critical: 'critical', soon: 'alert', watch: 'watch' } as const

export function prepareAlerts(tile: AlertsTile, setting: Setting): AlertsModel {
  const { results, format, words, language } = setting
  const answer = answerOf(results, tile.key)
  const rows = (answer?.rows ?? []).map((row) => {
    const severity = severities.find((known) => known === row[tile.severity]) ?? 'watch'
    const available = sumOf(row, tile.available)
    return {
      id: `${row[tile.id]}.${row[tile.warehouse.id]}`,
      name: row[tile.name] ?? words.unnamed,
      warehouse: row[tile.warehouse.name] ?? words.unnamed,
      severity: words.severities[severity],
      icon: icons[severity],
      reason: reasonOf(row, tile, setting),
      left: format.count(available),
      isBad: severity === 'out' || severity === 'critical',
    }
  })
  return {
    rows,
    sub: subOf(rows, tile, setting),
    summary: rows
      .map(({ name, warehouse, reason }) => `${name}, ${warehouse}: ${reason}`)
      .join(language === 'zh' ? '；' : '; '),
    table: {
      columns: [
        { title: words.product },
        { title: words.warehouse },
        { title: words.severity },
        { title: words.available, isNumber: true },
        { title: words.cover, isNumber: true },
      ],
      rows: rows.map(({ name, warehouse, severity, left, reason }) => [
        name,
        warehouse,
        severity,
        left,
        reason,
      ]),
    },
  }
}

/** How many there are of each kind; never fewer than the list shows, which may be newer. */
function subOf(
  rows: AlertsModel['rows'],
  { key, severity: member, count: counted }: AlertsTile,
  { results, format, words }: Setting,
) {
  const counts = indexBy(rowsOf(results, `${key}:count`), member)
  return severities
    .map((severity) => {
      const name = words.severities[severity]
      const shown = rows.filter((row) => row.severity === name).length
      return { name, count: Math.max(shown, Number(counts.get(severity)?.[counted] ?? 0)) }
    })
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${format.count(BigInt(count))} ${name}`)
    .join(' · ')
}

/** Watched because of its cover when that is under one and a half lead times, else because of the reorder point. */
const LEAD_TIMES_WATCHED = 1.5

/** What is true of it now: gone, when it will be, or how many are left where it does not move or fell to the reorder point. */
function reasonOf(row: Row, tile: AlertsTile, { words, language, format }: Setting) {
  const available = sumOf(row, tile.available)
  if (available <= 0n) return words.out_now

  const left = words.left(format.count(available))
  const cover = row[tile.cover]
  if (!parseDecimal(cover)) return `${left} · ${words.no_sales}`
  const reorder = wholeOf(row, tile.reorder)
  const watched = Number(row[tile.leadTime] ?? 0) * LEAD_TIMES_WATCHED
  if (reorder !== null && Number(cover) > watched) {
    return `${left} · ${words.reorder_at(format.count(reorder))}`
  }
  return words.runs_out(durationText(Number(cover), language))
}
