import { expect, test } from 'vitest'
import { products, profit } from '../../../../dashboards/index.ts'
import { periodOf, readScope } from '#lib/tiles/scope.ts'
import { listedOf, periodAsked, questionsOf, readAsked } from './ask.ts'

const now = new Date('2026-11-24T06:23:07Z')

function asked(address: string) {
  const scope = readScope(profit, new URLSearchParams(address), 'Asia/Shanghai')
  const found = readAsked(profit, scope)
  if (!found) throw new Error('the address names no tile')
  return { found, queries: questionsOf(profit, scope, found, periodOf(scope, now)) }
}

test('a step is asked by its own measure, list and sum alike, under the filters of the page', () => {
  const { found, queries } = asked('drill=fall~~~~cogs_cents&channel=web')
  expect(listedOf(found)).toMatchObject({ measure: 'profit.cogs_cents', isMinus: true })
  expect(queries.map(({ measures }) => measures)).toEqual([
    ['profit.cogs_cents'],
    ['profit.cogs_cents'],
  ])
  const channel = { member: 'profit.channel', operator: 'equals', values: ['web'] }
  const some = { member: 'profit.cogs_cents', operator: 'notEquals', values: ['0'] }
  expect(queries.map(({ filters }) => filters)).toEqual([[channel, some], [channel]])
})

test('a column of a row is asked of that row', () => {
  const { found, queries } = asked('drill=broken-down~web~~~net_profit_cents')
  expect(listedOf(found)).toMatchObject({ isMinus: false })
  const row = { member: 'profit.channel', operator: 'equals', values: ['web'] }
  expect(queries[1]).toMatchObject({ measures: ['profit.net_profit_cents'], filters: [row] })
})

test('a ratio, and a word that is no measure of the tile, lead to revenue as before', () => {
  for (const word of ['net_margin', 'salary', ''])
    expect(asked(`drill=broken-down~web~~~${word}`).queries[0]?.measures).toEqual([
      'order_lines.revenue_cents',
      'order_lines.units',
    ])
})

test('goods are told of in whole weeks up to yesterday, so their orders are, whatever the page’s period', () => {
  for (const tile of ['pareto', 'velocity']) {
    const scope = readScope(products, new URLSearchParams(`drill=${tile}~7`), 'Asia/Shanghai')
    const found = readAsked(products, scope)
    expect(found && periodAsked(found, scope, now)).toMatchObject({
      from: '2026-08-25',
      to: '2026-11-23',
    })
  }
})
