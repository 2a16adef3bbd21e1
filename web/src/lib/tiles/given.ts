/** What the tests of prepared tiles begin with: answers, and a reader in Shanghai at 14:23 on a Tuesday. */
import { today } from '../../../../dashboards/index.ts'
import type { Tile } from '../../../../dashboards/define.ts'
import type { Results } from '#lib/board.svelte.ts'
import type { Row } from '#lib/cube.ts'
import { createFormat } from '#lib/format.ts'
import { zh as frame } from '#lib/i18n/frame.zh.ts'
import { zh as goalWords } from '#lib/i18n/goals.zh.ts'
import { zh } from '#lib/i18n/tiles.zh.ts'
import type { Comparison } from '#lib/period.ts'
import type { Setting } from './prepare/setting.ts'
import { periodOf, readScope } from './scope.ts'

const asOf = new Date('2026-11-24T06:23:07Z')

export function settingOf(
  results: Record<string, Row[][]>,
  compare: Comparison = 'previous',
  total?: number,
): Setting {
  const scope = readScope(today, new URLSearchParams({ compare }), 'Asia/Shanghai')
  return {
    results: Object.fromEntries(
      Object.entries(results).map(([key, answers]) => [
        key,
        answers.map((rows) => ({
          ok: true as const,
          answer: { rows, total, watermark: null, cost: { ms: 1, cached: false } },
        })),
      ]),
    ) satisfies Results,
    format: createFormat('zh', { currency: 'CNY', minorDigits: 2 }),
    language: 'zh',
    words: zh,
    frame,
    goalWords,
    scope,
    period: periodOf(scope, asOf),
    filters: today.filters,
    goals: [],
    notes: [],
    asOf,
  }
}

export function tileOf<Show extends Tile['show']>(show: Show, key?: string) {
  for (const tile of today.tiles) {
    if (isShow(tile, show) && (!key || tile.key === key)) return tile
  }
  throw new Error(`no ${show} tile`)
}

function isShow<Show extends Tile['show']>(
  tile: Tile,
  show: Show,
): tile is Extract<Tile, { show: Show }> {
  return tile.show === show
}

export function hourRows(
  view: string,
  measure: string,
  day: string,
  values: Record<number, string>,
): Row[] {
  return Object.entries(values).map(([hour, value]) => ({
    [`${view}.at.hour`]: `${day}T${hour.padStart(2, '0')}:00:00.000`,
    [measure]: value,
  }))
}
