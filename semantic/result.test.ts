import { expect, test } from 'vitest'
import { finalResult, finalResults, type TransformRequest } from './result.ts'

const REQUEST: TransformRequest = {
  aliasToMemberNameMap: {
    sales__at_hour: 'sales.at.hour',
    sales__channel: 'sales.channel',
    sales__revenue_cents: 'sales.revenue_cents',
  },
  annotation: {
    'sales.at': { type: 'time' },
    'sales.at.hour': { type: 'time' },
    'sales.channel': { type: 'string' },
    'sales.revenue_cents': { type: 'number' },
  },
  query: {
    dimensions: ['sales.channel'],
    timeDimensions: [{ dimension: 'sales.at', granularity: 'hour' }],
  },
}

const ROWS = Buffer.from(
  JSON.stringify({
    members: ['sales__channel', 'sales__at_hour', 'sales__revenue_cents'],
    columns: [
      ['web', null],
      ['2026-11-24 08:00:00', '2026-11-24 09:00:00'],
      ['9007199254740993', '0'],
    ],
  }),
)

test('rows carry the names of members, times as ISO, and amounts digit by digit', () => {
  expect(finalResult(REQUEST, ROWS, { query: {} })).toEqual({
    query: {},
    data: [
      {
        'sales.channel': 'web',
        'sales.at.hour': '2026-11-24T08:00:00.000',
        'sales.at': '2026-11-24T08:00:00.000',
        'sales.revenue_cents': '9007199254740993',
      },
      {
        'sales.channel': null,
        'sales.at.hour': '2026-11-24T09:00:00.000',
        'sales.at': '2026-11-24T09:00:00.000',
        'sales.revenue_cents': '0',
      },
    ],
  })
})

test('compact and columnar answers hold the same values', () => {
  const compact = finalResult({ ...REQUEST, resType: 'compact' }, ROWS, {})
  expect(compact.data).toMatchObject({
    members: ['sales.channel', 'sales.at.hour', 'sales.at', 'sales.revenue_cents'],
    dataset: [
      ['web', '2026-11-24T08:00:00.000', '2026-11-24T08:00:00.000', '9007199254740993'],
      [null, '2026-11-24T09:00:00.000', '2026-11-24T09:00:00.000', '0'],
    ],
  })
  expect(finalResult({ ...REQUEST, resType: 'columnar' }, ROWS, {}).data).toMatchObject({
    columns: [['web', null], {}, {}, ['9007199254740993', '0']],
  })
})

test('no rows is an empty list', () => {
  expect(finalResult(REQUEST, { members: [], columns: [] }, {}).data).toEqual([])
})

test('a comparison says in each row which period it is of', () => {
  const requests = [
    ['2026-11-17', '2026-11-17'],
    ['2026-11-24', '2026-11-24'],
  ].map((dateRange) => ({
    ...REQUEST,
    queryType: 'compareDateRangeQuery',
    query: {
      ...REQUEST.query,
      timeDimensions: [{ dimension: 'sales.at', granularity: 'hour', dateRange }],
    },
  }))
  const answer = finalResults(requests, [ROWS, ROWS], { results: [{}, {}] })
  expect(
    answer.results.map(({ data }) => JSON.stringify(data).match(/"compareDateRange":"[^"]+"/)?.[0]),
  ).toEqual([
    '"compareDateRange":"2026-11-17 - 2026-11-17"',
    '"compareDateRange":"2026-11-24 - 2026-11-24"',
  ])
})

test('a member that is not public never leaves', () => {
  expect(() => finalResult({ ...REQUEST, annotation: {} }, ROWS, {})).toThrow('hidden member')
})
