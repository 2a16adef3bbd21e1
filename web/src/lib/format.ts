import { divideRounded, grouped, magnitude, parseDecimal, rescale } from './decimal.ts'

export type Language = 'zh' | 'en'
export type Money = { currency: string; minorDigits: number }

/** A number and the unit after it, apart, because the unit is drawn smaller. */
export type Parts = { text: string; unit: string }
export type Direction = 'up' | 'down' | 'flat' | 'new' | 'none'
export type Change = { direction: Direction; text: string }

/** The true minus sign; the hyphen sits too low and too short beside digits. */
const minus = '−'
export const missing = '—'

type Step = { exponent: number; unit: string }
const steps: Record<Language, Step[]> = {
  zh: [
    { exponent: 8, unit: '亿' },
    { exponent: 4, unit: '万' },
  ],
  en: [
    { exponent: 9, unit: 'B' },
    { exponent: 6, unit: 'M' },
    { exponent: 3, unit: 'K' },
  ],
}

/** Up to here a headline is short enough to be written out to the cent. */
const plainHeadlineMax = 10_000n
const plainCountMax = 10_000_000n
const compactDigits = 2
/** From ten times the base on, a percentage says less than "12 times". */
const timesFromPermille = 10_000n

/** Everything a screen says in digits, for one language, currency and its minor unit. All from exact values. */
export function createFormat(language: Language, money: Money) {
  const amounts = amountFormat(language, money)
  return {
    ...amounts,
    ...numberFormat(language),
    ...changeFormat(language, amounts.column),
    axis: axisFormat(language),
  }
}

export type Format = ReturnType<typeof createFormat>

function amountFormat(language: Language, money: Money) {
  const symbol = currencySymbol(money.currency)
  const minor = 10n ** BigInt(money.minorDigits)

  return { exact, headline, column, short, plain, wholeMoney, symbol, minor }

  /** ¥1,240,318.42: entries, tooltips, copies, exports. */
  function exact(cents: bigint) {
    return `${sign(cents)}${symbol}${grouped(cents, money.minorDigits)}`
  }

  /** ¥124.03 + 万. Nothing happened is ¥0, and small sums keep their cents. */
  function headline(cents: bigint): Parts {
    if (cents === 0n) return { text: `${symbol}0`, unit: '' }
    if (magnitude(cents) < plainHeadlineMax * minor) return { text: exact(cents), unit: '' }

    const { text, unit } = compact(language, cents, money.minorDigits)
    return { text: `${sign(cents)}${symbol}${text}`, unit }
  }

  /** One unit and one number of decimals for a whole column, chosen by its largest and smallest row. */
  function column(all: readonly bigint[]) {
    const sizes = all.map(magnitude).filter((size) => size > 0n)
    const largest = sizes.reduce((a, b) => (a > b ? a : b), 0n)
    const smallest = sizes.reduce((a, b) => (a < b ? a : b), largest)
    const step = steps[language].find(({ exponent }) => largest >= 10n ** BigInt(exponent) * minor)
    if (!step) return wholeMoney

    const size = 10n ** BigInt(step.exponent) * minor
    if (smallest * 200n < size) return wholeMoney
    const digits = smallest * 20n < size ? 2 : 1
    const gap = language === 'zh' ? ' ' : ''

    return (cents: bigint) => {
      if (cents === 0n) return `${symbol}0`
      const units = rescale({ units: cents, digits: money.minorDigits + step.exponent }, digits)
      return `${sign(units)}${symbol}${grouped(units, digits)}${gap}${step.unit}`
    }
  }

  /** One amount beside others of no column. Small ones are exact: beside a headline to the cent, a rounded one misleads. */
  function short(cents: bigint) {
    if (magnitude(cents) < plainHeadlineMax * minor)
      return cents === 0n ? `${symbol}0` : exact(cents)
    return column([cents])(cents)
  }

  /** To the cent, where the unit stands in the title. */
  function plain(cents: bigint) {
    return `${sign(cents)}${grouped(cents, money.minorDigits)}`
  }

  function wholeMoney(cents: bigint) {
    const units = divideRounded(cents, minor)
    return `${sign(units)}${symbol}${grouped(units)}`
  }
}

/** A tick in major units: 20万, 200K. Its unit follows the largest tick, its decimals the distance between two. */
function axisFormat(language: Language) {
  return (ticks: readonly number[]) => {
    const largest = Math.max(0, ...ticks.map(Math.abs))
    const distance = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0))
    const step = steps[language].find(({ exponent }) => largest >= 10 ** exponent)
    const size = 10 ** (step?.exponent ?? 0)
    const digits = [0, 1, 2, 3].find((d) => isWhole((distance / size) * 10 ** d)) ?? 3

    return (tick: number) => {
      if (tick === 0) return '0'
      const text = grouped(BigInt(Math.round((Math.abs(tick) / size) * 10 ** digits)), digits)
      return `${tick < 0 ? minus : ''}${text}${step?.unit ?? ''}`
    }
  }
}

function numberFormat(language: Language) {
  return { count, countHeadline, ratio, ratioExact }

  function count(value: bigint) {
    return `${sign(value)}${grouped(value)}`
  }

  /** Counts are written out until they would no longer fit their tile. */
  function countHeadline(value: bigint): Parts {
    if (magnitude(value) < plainCountMax) return { text: count(value), unit: '' }
    const { text, unit } = compact(language, value, 0)
    return { text: sign(value) + text, unit }
  }

  /** 0.0874 → 8.74%. */
  function ratio(value: string | null | undefined, digits = 1) {
    const decimal = parseDecimal(value)
    if (!decimal) return missing
    const units = rescale({ units: decimal.units * 100n, digits: decimal.digits }, digits)
    return `${sign(units)}${grouped(units, digits)}%`
  }

  /** Every digit the engine gave, for the tooltip. */
  function ratioExact(value: string | null | undefined) {
    return ratio(value, 4)
  }
}

function changeFormat(language: Language, column: (all: bigint[]) => (cents: bigint) => string) {
  const { flat, fresh, pointsUnit, times } = words[language]

  return { change, points }

  /** How far `now` is from `before`; a base of nothing is "new", a base below zero is told as a difference. */
  function change(now: bigint | null, before: bigint | null, isMoney = false): Change {
    if (now === null || before === null) return { direction: 'none', text: missing }
    if (now === before) return { direction: 'flat', text: flat }
    if (before === 0n && now > 0n) return { direction: 'new', text: fresh }

    const direction = now > before ? 'up' : 'down'
    if (before <= 0n || now < 0n) {
      const apart = magnitude(now - before)
      return { direction, text: isMoney ? column([apart])(apart) : grouped(apart) }
    }
    const permille = divideRounded((now - before) * 1000n, before)
    if (permille === 0n) return { direction: 'flat', text: flat }
    if (permille >= timesFromPermille)
      return { direction, text: times(grouped(divideRounded(now, before))) }
    return { direction, text: `${grouped(permille, 1)}%` }
  }

  /** Rates change in points, not per cent. */
  function points(now: string | null | undefined, before: string | null | undefined): Change {
    const a = parseDecimal(now)
    const b = parseDecimal(before)
    if (!a || !b) return { direction: 'none', text: missing }

    const digits = Math.max(a.digits, b.digits)
    const apart = rescale(a, digits) - rescale(b, digits)
    const hundredths = rescale({ units: apart * 100n, digits }, 2)
    if (hundredths === 0n) return { direction: 'flat', text: flat }
    const direction = hundredths > 0n ? 'up' : 'down'
    return { direction, text: `${grouped(hundredths, 2)} ${pointsUnit}` }
  }
}

/** 9,999.996 万 must not print as 10,000.00 万: what rounds up to the next unit takes it. */
function compact(language: Language, value: bigint, valueDigits: number): Parts {
  for (const { exponent, unit } of steps[language]) {
    const units = rescale(
      { units: magnitude(value), digits: valueDigits + exponent },
      compactDigits,
    )
    if (units >= 10n ** BigInt(compactDigits)) return { text: grouped(units, compactDigits), unit }
  }
  return { text: grouped(rescale({ units: value, digits: valueDigits }, 0)), unit: '' }
}

const words = {
  zh: { flat: '持平', fresh: '新增', pointsUnit: '百分点', times: (n: string) => `${n} 倍` },
  en: { flat: 'flat', fresh: 'new', pointsUnit: 'pp', times: (n: string) => `×${n}` },
} as const

function sign(value: bigint) {
  return value < 0n ? minus : ''
}

function isWhole(value: number) {
  return Math.abs(value - Math.round(value)) < 1e-9
}

/** One symbol in both languages; a currency without one keeps its code and a thin gap. */
function currencySymbol(currency: string) {
  const parts = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0)
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? currency
  return /[A-Za-z]$/.test(symbol) ? `${symbol}\u202f` : symbol
}
