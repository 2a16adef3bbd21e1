import { scaleLinear } from 'd3-scale'
import type { StackTile } from '../../../../../dashboards/kinds.ts'
import { parseWhole, sum } from '#lib/decimal.ts'
import { monthsUntil } from '#lib/period.ts'
import { bucketName, bucketTick } from '#lib/period-words.ts'
import { figureTurn, waysOf, type Way } from '../figure-turn.ts'
import { rowsOf } from '../read.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'
import { colorOf } from './share.ts'
import { round } from './spark.ts'

/** All positions are per cent of the plot. */
export type StackModel = {
  axis: string
  count: number
  ways: Way[]
  keys: { title: string; color: string; total: string }[]
  ticks: { y: number; text: string; isZero: boolean }[]
  labels: { index: number; text: string; isMajor: boolean }[]
  columns: {
    index: number
    isOpen: boolean
    parts: { bottom: number; height: number; color: string }[]
  }[]
  slots: { name: string; values: string[]; isOpen: boolean }[]
  openName: string
  isEmpty: boolean
  summary: string
  table: Table
}

const TICKS = 4
const LABELS_MAJOR_EVERY = 3
/** Room above the highest column. */
const HEADROOM = 1.05

export function prepareStack(tile: StackTile, setting: Setting): StackModel {
  const { format, frame, language, period, scope, words } = setting
  const way = figureTurn(tile.key, tile.ways, scope)
  const write = figureWriter(way.unit, format, language)
  const months = monthsUntil(period.day, tile.months)
  const parts = partsOf(tile, way.measure, months, setting)
  const heightAt = (index: number) =>
    parts.reduce((total, { values }) => total + write.size(values[index] ?? '0'), 0)
  const high = Math.max(0, ...months.map((_, index) => heightAt(index)))
  const y = scaleLinear([0, high > 0 ? high * HEADROOM : 1], [0, 100]).nice(TICKS)
  const ticks = y.ticks(TICKS).filter((tick) => way.unit === 'money' || Number.isInteger(tick))
  const tickText = write.axis(ticks)
  const last = months.length - 1

  const keys = parts.map(({ title, color, values }) => ({
    title,
    color,
    total: write.short(String(sum(values.map((value) => parseWhole(value) ?? 0n)))),
  }))
  const slots = months.map((month, index) => ({
    name: bucketName(`${month}-01`, 'month', frame, language),
    values: parts.map(({ values }) => write.exact(values[index] ?? '0')),
    isOpen: index === last,
  }))
  return {
    axis: `months ${months.join()}`,
    count: months.length,
    ways: tile.ways.length > 1 ? waysOf(tile.key, tile.ways, scope, language) : [],
    keys,
    ticks: ticks.map((tick) => ({ y: round(y(tick)), text: tickText(tick), isZero: tick === 0 })),
    labels: months.map((month, index) => ({
      index,
      text: bucketTick(`${month}-01`, 'month', language),
      isMajor: (last - index) % LABELS_MAJOR_EVERY === 0,
    })),
    columns: months.flatMap((_, index) => {
      if (heightAt(index) <= 0) return []
      let top = 0
      const stacked = parts.map(({ color, values }) => {
        const bottom = top
        top += Math.max(0, write.size(values[index] ?? '0'))
        return { bottom: round(y(bottom)), height: round(y(top) - y(bottom)), color }
      })
      return [{ index, isOpen: index === last, parts: stacked }]
    }),
    slots,
    openName: frame.not_over.month,
    isEmpty: high <= 0,
    summary: keys
      .map(({ title, total }) => `${title} ${total}`)
      .join(language === 'zh' ? '，' : ', '),
    table: {
      columns: [
        { title: frame.buckets.month },
        ...parts.map(({ title }) => ({ title, isNumber: true })),
      ],
      rows: slots.map(({ name, values, isOpen }) => [
        isOpen ? `${name} · ${words.not_over_short}` : name,
        ...values,
      ]),
    },
  }
}

function partsOf(
  { key, month, by }: StackTile,
  measure: string,
  months: readonly string[],
  { results, language }: Setting,
) {
  const rows = rowsOf(results, key)
  return by.values.map(({ id, title }, index) => {
    const found = new Map(
      rows.flatMap((row) => {
        const value = row[measure]
        return row[by.id] === id && value ? [[row[month] ?? '', value] as const] : []
      }),
    )
    return {
      title: title[language],
      color: colorOf(index),
      values: months.map((each) => found.get(each) ?? '0'),
    }
  })
}
