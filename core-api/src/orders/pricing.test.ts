import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, priceOrder } from './pricing.ts'

describe('a discount over the lines', () => {
  test('20.00 off 100.02 and 50.00 is 13.33 and 6.67', () => {
    expect(allocate(2000n, [10002n, 5000n])).toEqual([1333n, 667n])
  })

  test('of equal remainders the earlier line takes the odd cent', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n])
  })

  test('adds up to the discount, and no line is a whole cent from its exact share', () => {
    const weights = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(weights, fc.nat(10_000), (lists, permyriad) => {
        const whole = lists.reduce((sum, list) => sum + list, 0n)
        const amount = (whole * BigInt(permyriad)) / 10_000n
        const parts = allocate(amount, lists)
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount)
        parts.forEach((part, index) => {
          const exactTimesWhole = amount * (lists[index] ?? 0n)
          const difference = part * whole - exactTimesWhole
          expect(difference < whole || whole === 0n).toBe(true)
          expect(difference > -whole || whole === 0n).toBe(true)
        })
      }),
    )
  })

  test('never exceeds the line it is taken from', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 1_000n), { minLength: 1 }), (lists) => {
        const whole = lists.reduce((sum, list) => sum + list, 0n)
        allocate(whole, lists).forEach((part, index) => expect(part).toBe(lists[index]))
      }),
    )
  })
})

describe('an order', () => {
  test('is the sum of its lines and its shipping', () => {
    const order = priceOrder({
      lines: [
        { sku_id: 1, quantity: 3, price_cents: 3334n },
        { sku_id: 2, quantity: 1, price_cents: 5000n },
      ],
      discount_cents: 2000n,
      shipping_cents: 800n,
    })
    expect(order.lines.map((line) => line.total_cents)).toEqual([8669n, 4333n])
    expect(order.total_cents).toBe(13_802n)
  })

  test('is refused when the discount is more than the lines are worth, shipping left aside', () => {
    const wanted = {
      lines: [{ sku_id: 1, quantity: 1, price_cents: 100n }],
      discount_cents: 101n,
      shipping_cents: 50n,
    }
    expect(() => priceOrder(wanted)).toThrow(/discount_cents/)
  })

  test('is refused before its amount leaves what can be kept', () => {
    const wanted = {
      lines: [{ sku_id: 1, quantity: 1_000_000, price_cents: 10n ** 15n }],
      discount_cents: 0n,
      shipping_cents: 0n,
    }
    expect(() => priceOrder(wanted)).toThrow(/can be kept/)
  })
})
