import { expect, test } from 'vitest'
import { today } from '../../../../dashboards/index.ts'
import { panelsOf, panelsUnder } from './ask.ts'
import { addressOf, cutAt, periodAt, readScope } from './scope.ts'

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

test('last week ends at the same second of the clock, today at midnight', () => {
  const period = periodAt(now, zone)
  expect(period.today).toEqual(['2026-11-24T00:00:00.000', '2026-11-24T23:59:59.000'])
  expect(period.sameTime).toEqual(['2026-11-17T00:00:00.000', '2026-11-17T14:23:07.000'])
  expect(period.daysUntilToday(14)[0]).toBe('2026-11-11T00:00:00.000')
})

test('a week over a change of clocks still compares the same time of day', () => {
  const { sameTime } = periodAt(new Date('2026-10-26T12:00:00Z'), 'Europe/London')
  expect(sameTime[1]).toBe('2026-10-19T12:00:00.000')
})

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
  expect(membersIn('distributors')).toEqual(['distributors.region'])
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

test('the address holds what differs from the default, and an unknown word is ignored', () => {
  const scope = readScope(today, address, zone)
  expect(addressOf(scope, { name: 'region', value: null })).toBe('?channel=tmall')
  expect(addressOf(scope, 'compare')).toContain('compare=off')
  expect(readScope(today, new URLSearchParams({ colour: 'red', compare: 'off' }), zone)).toEqual({
    chosen: {},
    isCompared: false,
    timeZone: zone,
  })
  expect(addressOf(readScope(today, new URLSearchParams('compare=off'), zone), 'compare')).toBe('?')
})
