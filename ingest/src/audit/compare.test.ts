import { expect, test } from 'vitest'
import { compare, damagesOf } from './compare.ts'
import type { Digest } from './digest.ts'

function digests(...all: Partial<Digest>[]) {
  const whole = all.map((one) => ({
    range: 0n,
    day: '2026-11-23',
    count: 1n,
    hash: 7n,
    sums: [100n],
    ...one,
  }))
  return new Map(whole.map((one) => [`${one.range}/${one.day}`, one]))
}

test('a day deviates by its count, its hash or any of its sums', () => {
  const postgres = digests({})
  expect(compare({ postgres, clickhouse: digests({}) })).toEqual({ checks: 1, deviations: [] })
  for (const wrong of [{ count: 2n }, { hash: 8n }, { sums: [101n] }]) {
    const { deviations } = compare({ postgres, clickhouse: digests(wrong) })
    expect(deviations).toMatchObject([{ range: 0n, day: '2026-11-23' }])
  }
})

test('a day that only one side has deviates', () => {
  const day = { day: '2026-11-24', range: 3n }
  const { checks, deviations } = compare({ postgres: digests({}), clickhouse: digests({}, day) })
  expect(checks).toBe(2)
  expect(deviations).toMatchObject([{ ...day, postgres: null }])
})

test('a key is missing, extra, doubled or different, and only one of them', () => {
  const damages = damagesOf({
    postgres: new Map([
      ['1', 10n],
      ['2', 20n],
      ['3', 30n],
      ['4', 40n],
    ]),
    clickhouse: new Map([
      ['1', { count: 1, hash: 10n }],
      ['2', { count: 2, hash: 20n }],
      ['3', { count: 1, hash: 31n }],
      ['5', { count: 1, hash: 50n }],
    ]),
  })
  expect(damages).toEqual([
    { key: '2', damage: 'doubled' },
    { key: '3', damage: 'differs' },
    { key: '4', damage: 'missing' },
    { key: '5', damage: 'extra' },
  ])
})
