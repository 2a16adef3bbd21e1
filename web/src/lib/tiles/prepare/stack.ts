import { scaleLinear } from 'd3-scale'
import type { StackTile } from '../../../../../dashboards/kinds.ts'
import { sum, parseWhole } from '#lib/decimal.ts'
import { missing } from '#lib/format.ts'
import { bucketName, bucketTick, openName } from '#lib/period-words.ts'
import { viewOf } from '../member.ts'
import { byBucket, rowsOf } from '../read.ts'
import { colorOf } from './share.ts'
import { round } from './spark.ts'
import type { Setting, Table } from './setting.ts'
import { writerOf } from './writer.ts'

export type StackModel = {
  axis: string
  count: number
  keys: { title: string; color: string; total: string }[]
  ticks: { y: number; text: string; isZero: boolean }[]
  labels: { index: number; text: string; isMajor: boolean }[]
  columns: {
    index: number
    isOpen: boolean
    parts: { bottom: number; height: number; color: string }[]
  }[]
  slots: { bucket: string; name: string; values: string[]; isOpen: boolean; isToCome: boolean }[]
  openName: string
  open: number | null
  isEmpty: boolean
  summary: string
  table: Table
}

const TICKS = 4
const LABELS_MAX = 12
const LABELS_MAJOR_MAX = 4
const HEADROOM = 1.05

export function prepareStack(tile: StackTile, setting: Setting): StackModel {
  const { results, format, frame, language, period, words } = setting
  const { buckets, grain, open } = period
  const view = viewOf(tile.parts[0]?.measure ?? '')
  const answers = rowsOf(results, tile.key)
  const parts = tile.parts.map(({ title, measure, unit }, index) => {
    const found = byBucket(answers, view, grain, measure)
    const values = buckets.map((bucket) => found.get(bucket) ?? '0')
    return { title: title[language], color: colorOf(index), write: writerOf(unit, format), values }
  })
  const isToCome = (index: number) => open !== null && index > open
  const heightAt = (index: number) =>
    parts.reduce((total, { write, values }) => total + write.size(values[index] ?? '0'), 0)
  const high = Math.max(0, ...buckets.map((_, index) => heightAt(index)))
  const y = scaleLinear([0, high > 0 ? high * HEADROOM : 1], [0, 100]).nice(TICKS)
  const ticks = y.ticks(TICKS).filter((tick) => Number.isInteger(tick) || high > TICKS)
  const tickText = parts[0]?.write.axis(ticks) ?? String
  const every = Math.ceil(buckets.length / LABELS_MAX)
  const major = Math.ceil(buckets.length / every / LABELS_MAJOR_MAX)

  const keys = parts.map(({ title, color, write, values }) => ({
    title,
    color,
    total: write.exact(String(sum(values.map((value) => parseWhole(value) ?? 0n)))),
  }))
  const slots = buckets.map((bucket, index) => ({
    bucket,
    name:
      index === open ? openName(bucket, grain, frame) : bucketName(bucket, grain, frame, language),
    values: parts.map(({ write, values }) => write.exact(values[index] ?? '0')),
    isOpen: index === open,
    isToCome: isToCome(index),
  }))
  return {
    axis: `${grain} ${period.from} ${period.to}`,
    count: buckets.length,
    keys,
    ticks: ticks.map((tick) => ({ y: round(y(tick)), text: tickText(tick), isZero: tick === 0 })),
    labels: buckets.flatMap((bucket, index) =>
      index % every === 0
        ? [
            {
              index,
              text: bucketTick(bucket, grain, language),
              isMajor: (index / every) % major === 0,
            },
          ]
        : [],
    ),
    columns: buckets.flatMap((_, index) => {
      if (isToCome(index) || heightAt(index) <= 0) return []
      let top = 0
      const stacked = parts.map(({ color, write, values }) => {
        const bottom = top
        top += write.size(values[index] ?? '0')
        return { bottom: round(y(bottom)), height: round(y(top) - y(bottom)), color }
      })
      return [{ index, isOpen: index === open, parts: stacked }]
    }),
    slots,
    openName: open === null ? '' : openName(buckets[open] ?? '', grain, frame),
    open,
    isEmpty: high === 0,
    summary:
      keys.map(({ title, total }) => `${title} ${total}`).join(language === 'zh' ? '，' : ', ') ||
      missing,
    table: {
      columns: [
        { title: frame.buckets[grain] },
        ...parts.map(({ title }) => ({ title, isNumber: true })),
      ],
      rows: slots
        .filter((slot) => !slot.isToCome)
        .map(({ name, values, isOpen }) => [
          isOpen ? `${name} · ${words.not_over_short}` : name,
          ...values,
        ]),
    },
  }
}
