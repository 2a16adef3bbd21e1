import { expect, test } from 'vitest'
import type { FactsTile } from '../../../../dashboards/kinds.ts'
import { nextOf } from '#lib/charts/cell-cursor.svelte.ts'
import { settingOf } from './given.ts'
import { prepareFacts } from './prepare/facts.ts'
import { figureWriter } from './prepare/figure.ts'

const text = { zh: '订单', en: 'orders' }
const tile: FactsTile = {
  show: 'facts',
  key: 'facts',
  title: text,
  facts: [
    {
      title: text,
      measure: 'customers.customer_count',
      unit: 'count',
      beside: { title: text, measure: 'customers.order_count', unit: 'count' },
    },
    { title: text, measure: 'customers.repeat_rate', unit: 'ratio' },
  ],
  width: 12,
  wide: { width: 16, order: 1 },
}

test('facts stand beside what they are a part of; what is not known is a dash', () => {
  const { facts } = prepareFacts(
    tile,
    settingOf({
      facts: [[{ 'customers.customer_count': '793', 'customers.order_count': '5048' }]],
    }),
  )
  expect(facts[0]).toMatchObject({ value: { text: '793' }, beside: '订单 5,048' })
  expect(facts[1]?.exact).toBe('—')
})

test('days and quotients are written as such', () => {
  const { format } = settingOf({})
  expect(figureWriter('days', format, 'en').exact('31.4')).toBe('31 d')
  expect(figureWriter('decimal', format, 'en').exact('-1234.565')).toBe('−1,234.57')
  expect(figureWriter('days', format, 'zh').exact(null)).toBe('—')
})

test('arrow keys pass over cells that are empty and stop at the edge', () => {
  const places: [number, number][] = [
    [0, 0],
    [0, 3],
    [2, 0],
  ]
  expect(nextOf(places, [0, 0], [0, 1])).toEqual([0, 3])
  expect(nextOf(places, [0, 0], [1, 0])).toEqual([2, 0])
  expect(nextOf(places, [0, 3], [0, 1])).toBeNull()
})
