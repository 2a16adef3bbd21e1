import { expect, test } from 'vitest'
import { today } from '../../../../dashboards/index.ts'
import { panelsOf, panelsUnder } from './ask.ts'
import { addressOf, cutAt, readScope, withFilter, withOption } from './scope.ts'

const zone = 'Asia/Shanghai'
const now = new Date('2026-11-24T06:23:07Z')
const address = new URLSearchParams({ region: '华东', channel: 'tmall' })

function panels(search = address) {
  return panelsOf({
    dashboard: today,
    scope: readScope(today, search, zone),
    cut: (at) => at,
    known: () => ['7'],
  })
}

test('the watermark is the clock that last week is cut at', () => {
  expect(cutAt(now, { commit_at: '2026-11-24T06:20:00Z' }).toISOString()).toBe(
    '2026-11-24T06:20:00.000Z',
  )
  expect(cutAt(now, null)).toBe(now)
})

test('each filter reaches the views that know it and no other', () => {
  const asked = panels()
  const membersIn = (key: string) =>
    asked[key]
      ?.queries(now)[0]
      ?.filters?.flatMap((filter) => ('member' in filter ? filter.member : []))
  expect(membersIn('totals:sales')).toEqual(['sales.region', 'sales.channel'])
  expect(membersIn('totals:conversion')).toEqual(['conversion.channel'])
  expect(membersIn('distributors')).toEqual(['distributors.distributor_id', 'distributors.region'])
  expect(membersIn('alerts')).toEqual(['stock.severity'])
})

test('only what is live is asked again on a change: nine questions for the whole page', () => {
  const live = Object.values(panels()).filter(({ topics }) => topics.length > 0)
  expect(live.flatMap(({ queries }) => queries(now))).toHaveLength(9)
})

test('every tile stands on panels that are asked', () => {
  const asked = panels()
  for (const key of today.tiles.flatMap(panelsUnder)) expect(asked).toHaveProperty([key])
})

test('nothing is asked about last week where nothing is compared', () => {
  const asked = panels(new URLSearchParams({ compare: 'off' }))
  expect(asked['hours:before']?.queries(now)).toEqual([])
})

test('a tile whose rows are what is chosen from keeps them all', () => {
  const filters = panels().channels?.queries(now)[0]?.filters
  expect(filters).toEqual([{ member: 'sales.region', operator: 'equals', values: ['华东'] }])
})

test('the address holds what differs from the default, and an unknown word is ignored', () => {
  const scope = readScope(today, address, zone)
  expect(addressOf(scope, withFilter(scope, 'region', null))).toBe('?channel=tmall')
  expect(addressOf(scope, { compare: 'off' })).toContain('compare=off')
  const odd = new URLSearchParams({ colour: 'red', period: 'aeon', compare: 'off' })
  const read = readScope(today, odd, zone)
  expect(read).toMatchObject({ chosen: {}, choice: 'today', compare: 'off', options: {} })
  expect(addressOf(read, { compare: 'previous' })).toBe('?')
})

test('what an address says is what it is read as, whatever the reader turned', () => {
  const own = { from: '2026-11-02', to: '2026-11-08' }
  const scope = { ...readScope(today, address, zone), choice: own, compare: 'year' as const }
  const turned = { ...scope, ...withOption(scope, 'channels.sort', 'net-asc') }
  const text = addressOf(turned, { drill: 'channels~tmall' })
  expect(readScope(today, new URLSearchParams(text), zone)).toEqual({
    ...turned,
    drill: 'channels~tmall',
  })
})

test('another question closes the orders that lay open', () => {
  const scope = { ...readScope(today, address, zone), drill: 'channels~tmall' }
  expect(addressOf(scope, { compare: 'off' })).not.toContain('drill')
})
