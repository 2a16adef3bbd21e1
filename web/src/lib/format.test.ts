import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divideRounded, grouped, parseDecimal, rescale, roundTogether } from './decimal.ts'
import { createFormat, missing } from './format.ts'
import {
  ageText,
  coverText,
  dayAfter,
  dayName,
  durationText,
  wallOf,
  weekdayName,
} from './moment.ts'

const zh = createFormat('zh', { currency: 'CNY', minorDigits: 2 })
const en = createFormat('en', { currency: 'CNY', minorDigits: 2 })
const yen = createFormat('en', { currency: 'JPY', minorDigits: 0 })
const joined = ({ text, unit }: { text: string; unit: string }) => text + unit
const cents = fc.bigInt(-(10n ** 19n), 10n ** 19n)

/** The oracle: Intl rounds the decimal text itself, without passing through a float. */
function byIntl(units: bigint, digits: number, wanted: number) {
  const text = `${units < 0n ? '-' : ''}${grouped(units, digits).replaceAll(',', '')}`
  const format = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: wanted,
    maximumFractionDigits: wanted,
    roundingMode: 'halfExpand',
    signDisplay: 'never',
  })
  if (!isDecimal(text)) throw new Error(`${text} is not a decimal`)
  return format.format(text)
}

/** Every engine of today formats decimal text; TypeScript asks for proof that it is a number's. */
function isDecimal(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text)
}

test('exact money shows every cent, a true minus and no more', () => {
  expect(zh.exact(124_031_842n)).toBe('¥1,240,318.42')
  expect(zh.exact(-142_770n)).toBe('−¥1,427.70')
  expect(zh.exact(5n)).toBe('¥0.05')
  expect(yen.exact(1234n)).toBe('¥1,234')
  expect(createFormat('en', { currency: 'USD', minorDigits: 2 }).exact(99n)).toBe('$0.99')
  expect(createFormat('zh', { currency: 'GBP', minorDigits: 2 }).exact(100n)).toBe('£1.00')
  expect(createFormat('zh', { currency: 'CHF', minorDigits: 2 }).exact(100n)).toBe('CHF\u202f1.00')
  expect(zh.exact(9_007_199_254_740_993_01n)).toBe('¥9,007,199,254,740,993.01')
})

test('exact money and rounded decimals agree with Intl for any amount', () => {
  fc.assert(
    fc.property(
      cents,
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 6 }),
      (units, digits, wanted) => {
        const rounded = rescale({ units, digits }, wanted)
        expect(grouped(rounded, wanted)).toBe(byIntl(units, digits, wanted))
        const format = createFormat('en', { currency: 'CNY', minorDigits: digits })
        expect(format.exact(units)).toBe(
          `${units < 0n ? '−' : ''}¥${byIntl(units, digits, digits)}`,
        )
      },
    ),
  )
})

test('a headline is compact in the reader’s own units', () => {
  expect(zh.headline(124_031_842n)).toEqual({ text: '¥124.03', unit: '万' })
  expect(en.headline(124_031_842n)).toEqual({ text: '¥1.24', unit: 'M' })
  expect(en.headline(53_641_000n)).toEqual({ text: '¥536.41', unit: 'K' })
  expect(zh.headline(14_658n)).toEqual({ text: '¥146.58', unit: '' })
  expect(zh.headline(0n)).toEqual({ text: '¥0', unit: '' })
  expect(zh.headline(-142_770_000n)).toEqual({ text: '−¥142.77', unit: '万' })
  expect(joined(zh.headline(9_999_999_600n))).toBe('¥1.00亿')
  expect(joined(en.headline(99_999_999_600n))).toBe('¥1.00B')
  expect(joined(zh.countHeadline(8462n))).toBe('8,462')
  expect(joined(en.countHeadline(12_345_678n))).toBe('12.35M')
})

test('a headline is never further from the truth than half of its last digit', () => {
  const size: Record<string, bigint> = {
    '': 1n,
    万: 10_000n,
    亿: 100_000_000n,
    K: 1000n,
    M: 1_000_000n,
    B: 1_000_000_000n,
  }
  fc.assert(
    fc.property(cents, fc.constantFrom(zh, en), (value, format) => {
      const { text, unit } = format.headline(value)
      const shown = parseDecimal(text.replace('−', '-').replace(/[¥,]/g, ''))
      const scaled = (shown ? rescale(shown, 2) : 0n) * (size[unit] ?? 0n)
      const apart = scaled > value ? scaled - value : value - scaled
      expect(apart * 2n).toBeLessThanOrEqual(unit ? (size[unit] ?? 0n) : 0n)
    }),
  )
})

test('a column keeps one unit and one number of decimals', () => {
  const rows = zh.column([18_642_050n, 5_512_970n, 0n])
  expect([18_642_050n, 5_512_970n, 0n].map(rows)).toEqual(['¥18.6 万', '¥5.5 万', '¥0'])
  expect(en.column([18_642_050n])(18_642_050n)).toBe('¥186.4K')
  const uneven = en.column([18_642_050n, 312n])
  expect([18_642_050n, 312n].map(uneven)).toEqual(['¥186,421', '¥3'])
  expect(zh.column([-2_000_000n])(-2_000_000n)).toBe('−¥2.0 万')
})

test('axis labels share a unit and show as many decimals as the ticks differ by', () => {
  expect([0, 100_000, 200_000].map(zh.axis([0, 100_000, 200_000]))).toEqual(['0', '10万', '20万'])
  expect([0, 60_000_000, 120_000_000].map(zh.axis([0, 60_000_000, 120_000_000]))).toEqual([
    '0',
    '0.6亿',
    '1.2亿',
  ])
  expect([0, 500, 1000].map(en.axis([0, 500, 1000]))).toEqual(['0', '0.5K', '1.0K'])
  expect([-50, 0, 50].map(en.axis([-50, 0, 50]))).toEqual(['−50', '0', '50'])
})

test('a change says flat, new, per cent, times or a difference, never infinity', () => {
  expect(zh.change(1125n, 1000n)).toEqual({ direction: 'up', text: '12.5%' })
  expect(zh.change(10_001n, 10_000n)).toEqual({ direction: 'flat', text: '持平' })
  expect(en.change(5n, 0n)).toEqual({ direction: 'new', text: 'new' })
  expect(en.change(0n, 0n).direction).toBe('flat')
  expect(en.change(1240n, 100n)).toEqual({ direction: 'up', text: '×12' })
  expect(zh.change(1240n, 100n).text).toBe('12 倍')
  expect(en.change(0n, 100n)).toEqual({ direction: 'down', text: '100.0%' })
  expect(en.change(5000n, -10_000n, true)).toEqual({ direction: 'up', text: '¥150' })
  expect(en.change(null, 3n)).toEqual({ direction: 'none', text: missing })
})

test('a percentage change equals the exact quotient, rounded once', () => {
  const positive = fc.bigInt(1n, 10n ** 15n)
  fc.assert(
    fc.property(positive, positive, (now, before) => {
      const { text } = en.change(now, before)
      const permille = divideRounded((now - before) * 1000n, before)
      if (text.endsWith('%')) expect(text).toBe(byIntl(permille, 1, 1) + '%')
      else expect(permille === 0n || permille >= 10_000n).toBe(true)
    }),
  )
})

test('rates show as per cent and change in points', () => {
  expect(zh.ratio('0.087400', 2)).toBe('8.74%')
  expect(zh.ratio('-0.0050')).toBe('−0.5%')
  expect(zh.ratio(null)).toBe(missing)
  expect(zh.points('0.0874', '0.0905')).toEqual({ direction: 'down', text: '0.31 百分点' })
  expect(en.points('0.2', '0.2').text).toBe('flat')
})

test('rows rounded together still add up, and none moves by a whole unit', () => {
  fc.assert(
    fc.property(fc.array(cents, { minLength: 1, maxLength: 20 }), (parts) => {
      const rounded = roundTogether(parts, 100n)
      const total = parts.reduce((sum, part) => sum + part, 0n)
      expect(rounded.reduce((sum, part) => sum + part, 0n)).toBe(divideRounded(total, 100n))
      rounded.forEach((row, index) => {
        const apart = row * 100n - (parts[index] ?? 0n)
        expect(apart > -100n && apart < 100n).toBe(true)
      })
    }),
  )
})

test('ages, covers and warnings are told in the words of the house', () => {
  expect([0.42, 12.3, 185, 7200].map((s) => ageText(s, 'zh'))).toEqual([
    '0.4 秒',
    '12 秒',
    '3 分钟',
    '2 小时',
  ])
  expect(ageText(9.97, 'en')).toBe('10 s')
  expect([2.7 / 24, 9.2, 31.2, 900].map((d) => coverText(d, 'en'))).toEqual([
    '2.7 h',
    '9.2 d',
    '31 d',
    '365+ d',
  ])
  expect(durationText((2 * 60 + 40) / 1440, 'zh')).toBe('2 小时 40 分')
  expect(durationText(28 / 24, 'en')).toBe('1 d 4 h')
  expect(durationText(3.9, 'zh')).toBe('3 天')
})

test('days and hours are those of the company, whatever the server’s clock says', () => {
  const instant = new Date('2026-11-24T16:23:07.900Z')
  expect(wallOf(instant, 'Asia/Shanghai')).toEqual({
    day: '2026-11-25',
    clock: '00:23:07',
    hour: 0,
  })
  expect(wallOf(instant, 'Europe/London')).toEqual({
    day: '2026-11-24',
    clock: '16:23:07',
    hour: 16,
  })
  expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28')
  expect(dayName('2026-11-24', 'zh')).toBe('11 月 24 日')
  expect(dayName('2026-11-24', 'en')).toBe('24 Nov')
  expect(weekdayName('2026-11-24', 'zh')).toBe('周二')
  expect(weekdayName('2026-11-24', 'en', 'long')).toBe('Tuesday')
})
