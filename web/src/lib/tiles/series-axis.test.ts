import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beyondOf, ticksOf, verticalScale } from './prepare/series-axis.ts'

const write = { axis: () => (tick: number) => String(tick) }

test('an axis has three to five ticks, nought among them, and holds every mark and leaves more to them than to nothing', () => {
  const size = fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100)
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 40 }), (sizes) => {
      const y = verticalScale(sizes)
      const ticks = ticksOf(y, write)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(5)
      expect(ticks.filter(({ isZero }) => isZero)).toHaveLength(1)
      for (const each of sizes) {
        expect(y(each)).toBeGreaterThanOrEqual(-1e-9)
        expect(y(each)).toBeLessThanOrEqual(100 + 1e-9)
      }
      const ends = [0, ...sizes].map((each) => y(each))
      expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(sizes.some(Boolean) ? 60 : -1)
    }),
  )
})

test('where a rate goes on beyond what is drawn of it, the axis says so, and only there', () => {
  const percent = { axis: () => (tick: number) => `${tick * 100}%` }
  const texts = (sizes: number[]) =>
    ticksOf(verticalScale([-1, 1]), percent, beyondOf(sizes)).map(({ text }) => text)
  expect(texts([-3.2, 0.4])).toEqual(['≤ -100%', '-50%', '0%', '50%', '100%'])
  expect(texts([-1, 1.01])).toEqual(['-100%', '-50%', '0%', '50%', '≥ 100%'])
})

test('a month that lost a little beside one that made much shows both, with the ground between them', () => {
  const y = verticalScale([14_600, -1_700, 4_000])
  expect(ticksOf(y, write).map(({ text }) => text)).toEqual(['0', '5000', '10000', '15000'])
  expect(y(-1_700)).toBeGreaterThan(0)
  expect(y(0)).toBeLessThan(12)
})
