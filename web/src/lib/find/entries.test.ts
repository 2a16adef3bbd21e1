import { expect, test } from 'vitest'
import { sales } from '../../../../dashboards/index.ts'
import { placesOf } from '#lib/places.ts'
import { readScope } from '#lib/tiles/scope.ts'
import { knownEntries, matching } from './entries.ts'
import type { Here } from './finder.svelte.ts'

const here: Here = {
  dashboard: sales,
  scope: readScope(sales, new URLSearchParams('channel=web&period=7d'), 'Asia/Shanghai'),
  choices: {
    channels: [],
    options: {
      channel: [{ value: 'web', title: 'Web shop' }],
      region: [{ value: 'East', title: 'Zhèjiāng' }],
    },
  },
}

function titles(typed: string, role: 'executive' | 'warehouse' = 'executive') {
  const known = knownEntries(placesOf({ role }), here, '/sales', 'en')
  return matching(known, typed).map(({ group, title }) => `${group}: ${title}`)
}

test('nothing typed lists the pages a reader may open, and no other', () => {
  expect(titles('')[0]).toBe('pages: Today')
  expect(titles('', 'warehouse')).toEqual(['pages: Today', 'pages: Alerts'])
  expect(titles('waterfall profit', 'warehouse')).toEqual([])
})

test('a chart is found by its name together with the name of its page', () => {
  expect(titles('fall profit')).toEqual([])
  expect(titles('gross profit')).toContain('tiles: From gross sales to net profit')
})

test('what begins with the words stands before what only holds them', () => {
  const tiles = titles('revenue').filter((each) => each.startsWith('tiles'))
  expect(tiles[0]).toBe('tiles: Revenue')
})

test('a name with accents is found without them, and filters the page it is found on', () => {
  const known = knownEntries(placesOf({ role: 'executive' }), here, '/sales', 'en')
  const [found] = matching(known, 'zhejiang')
  expect(found).toMatchObject({ group: 'filters', title: 'Zhèjiāng', note: 'Region' })
  const address = new URL(found?.href ?? '', 'http://here')
  expect(address.pathname).toBe('/sales')
  expect(Object.fromEntries(address.searchParams)).toEqual({
    channel: 'web',
    region: 'East',
    period: '7d',
  })
})

test('a chart of the page one is on is jumped to without losing what is filtered', () => {
  const known = knownEntries(placesOf({ role: 'executive' }), here, '/sales', 'en')
  const found = known.find(({ title }) => title === 'Revenue over time')
  expect(found?.href).toBe('?channel=web&period=7d#trend')
})
