import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMN_PX, ROW_PX, scrollTo, windowOf } from './pivot-window.ts'

const view = fc.record({
  top: fc.integer({ min: 0, max: 1_500_000 }),
  left: fc.integer({ min: 0, max: 150_000 }),
  width: fc.integer({ min: 320, max: 2_560 }),
  height: fc.integer({ min: 320, max: 640 }),
})

test('whatever is in sight is drawn, and never more than a screen and a little', () => {
  fc.assert(
    fc.property(view, (seen) => {
      const drawn = windowOf(seen)
      expect(drawn.firstRow * ROW_PX).toBeLessThanOrEqual(seen.top)
      expect(drawn.lastRow * ROW_PX).toBeGreaterThanOrEqual(seen.top + seen.height)
      expect(drawn.firstColumn * COLUMN_PX).toBeLessThanOrEqual(seen.left)
      expect(drawn.lastColumn * COLUMN_PX).toBeGreaterThanOrEqual(
        seen.left + seen.width - drawn.fixed,
      )
      const cells = (drawn.lastRow - drawn.firstRow) * (drawn.lastColumn - drawn.firstColumn)
      expect(cells).toBeLessThanOrEqual(30 * 26)
    }),
  )
})

test('a cell that the keys went to is in sight, between heads and sums', () => {
  fc.assert(
    fc.property(view, fc.nat(50_000), fc.nat(1_000), (seen, row, column) => {
      const { top, left } = scrollTo({ row, column }, seen)
      const { fixed } = windowOf(seen)
      expect(row * ROW_PX).toBeGreaterThanOrEqual(top)
      expect((row + 2) * ROW_PX).toBeLessThanOrEqual(top + seen.height)
      expect(column * COLUMN_PX).toBeGreaterThanOrEqual(left)
      expect((column + 1) * COLUMN_PX).toBeLessThanOrEqual(left + seen.width - fixed)
    }),
  )
})
