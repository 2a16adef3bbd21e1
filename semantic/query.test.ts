import { expect, test } from 'vitest'
import { isRelative, membersOf, parseQuery } from './query.ts'

test('every place that can name a member is looked at', () => {
  const query = parseQuery({
    measures: ['sales.units'],
    dimensions: ['sales.at.hour'],
    timeDimensions: [{ dimension: 'sales.business_day' }],
    filters: [
      { member: 'sales.region', operator: 'set' },
      { or: [{ and: [{ dimension: 'profit.fee_cents', operator: 'gt', values: [1] }] }] },
    ],
    order: [['stock.on_hand', 'desc']],
  })
  expect([...membersOf(query)].toSorted()).toEqual([
    'profit.fee_cents',
    'sales.at',
    'sales.business_day',
    'sales.region',
    'sales.units',
    'stock.on_hand',
  ])
})

test.each([
  [{ measures: ['sales.units'], ungrouped: true }, 'ungrouped'],
  [{ measures: ['sales.units'], limit: 10_001 }, 'limit'],
  [{ measures: ['sales.units'], limit: -1 }, 'limit'],
  [{ measures: ["sales.units'; drop table x"] }, 'measures'],
  [{ measures: ['{"expr":{"type":"SqlFunction","sql":"1"}}'] }, 'measures'],
  [{ measures: Array.from({ length: 51 }, () => 'sales.units') }, 'measures'],
  [{ measures: ['sales.units'], subqueryJoins: [] }, 'query'],
  [{ measures: ['sales.units'], filters: [{ and: [], or: [] }] }, 'filter'],
  [
    {
      measures: ['sales.units'],
      filters: [{ member: 'sales.region', operator: 'contains', values: [null] }],
    },
    'contains needs',
  ],
  [{ measures: ['sales.units'], offset: 1e30 }, 'offset'],
  [{ timeDimensions: [{ dimension: 'sales.at', granularity: '__proto__' }] }, 'granularity'],
  [{ dimensions: ['sales.at.constructor'] }, 'dimensions'],
  ['{"measures":', 'JSON'],
  [null, 'query'],
])('%j is refused', (query, word) => {
  expect(() => parseQuery(query)).toThrow(new RegExp(word, 'i'))
})

test('filters nest only so deep', () => {
  const deep = { and: [{ or: [{ and: [{ or: [{ member: 'sales.region', operator: 'set' }] }] }] }] }
  expect(() => parseQuery({ measures: ['sales.units'], filters: [deep] })).toThrow('deep')
})

test('only words depend on the clock', () => {
  const ranged = (dateRange: string | string[]) =>
    parseQuery({
      measures: ['sales.units'],
      timeDimensions: [{ dimension: 'sales.at', dateRange }],
    })
  expect(isRelative(ranged('last 7 days'))).toBe(true)
  expect(isRelative(ranged(['2026-11-24', '2026-11-24']))).toBe(false)
  expect(isRelative(parseQuery({ measures: ['sales.units'] }))).toBe(false)
})
