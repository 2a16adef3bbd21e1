import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { columnsOf } from './expression.ts'
import { lineMaker } from './line.ts'
import { MapError, parseMap } from './map.ts'

const instance = { currency: 'GBP', minor_digits: 2, time_zone: 'Europe/London' }
const text = await readFile(new URL('maps/online-retail.map.json', import.meta.url), 'utf8')

function problemsOf(change: (map: Record<string, unknown>) => void): string {
  const map = JSON.parse(text)
  change(map)
  try {
    parseMap(JSON.stringify(map), 'shop.map.json')
  } catch (error) {
    if (error instanceof MapError) return error.message
    throw error
  }
  return 'no problem'
}

describe('a map that is wrong is told where', () => {
  test.each<[string, (map: Record<string, unknown>) => void, string]>([
    ['a missing part', (map) => delete map.quantity, 'quantity'],
    ['a word that is none', (map) => (map.colour = 'red'), 'colour'],
    ['a wrong type', (map) => (map.complete_after_days = 'soon'), '/complete_after_days'],
    [
      'a time of no clock',
      (map) => (map.spread_time = { from: '25:00', to: '9' }),
      '/spread_time/',
    ],
    [
      'a rule without its consequence',
      (map) => (map.rules = [{ when: { document: '^C' }, then: { kind: 'sell' } }]),
      '/rules/0/then',
    ],
    [
      'a pattern that is none',
      (map) => (map.rules = [{ when: { sku: '(' }, then: { role: 'service' } }]),
      '/rules/0/when/sku',
    ],
    [
      'an account that is not for this',
      (map) =>
        (map.rules = [{ when: { sku: 'x' }, then: { kind: 'adjustment', account: 'cash' } }]),
      '/rules/0/then/account',
    ],
  ])('%s', (_, change, path) => {
    const message = problemsOf(change)
    expect(message).toContain('shop.map.json')
    expect(message).toContain(path)
  })

  test('text that is not JSON', () => {
    expect(() => parseMap('{', 'shop.map.json')).toThrow(/shop.map.json: not JSON/)
  })

  test('a column that the file does not have, before a line is read', () => {
    const map = parseMap(text, 'shop.map.json')
    const columns = columnsOf(['InvoiceNo', 'Qty'], 'january.csv')
    expect(() => lineMaker(map, columns, instance)).toThrow(
      /january.csv has no column "InvoiceDate".*InvoiceNo, Qty/,
    )
  })
})

test('the maps that come with the product are right', () => {
  expect(problemsOf(() => {})).toBe('no problem')
})
