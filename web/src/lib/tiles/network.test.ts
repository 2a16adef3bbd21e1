import { expect, test } from 'vitest'
import { distributors } from '../../../../dashboards/index.ts'
import type { NetworkTile } from '../../../../dashboards/kinds.ts'
import { zh } from '#lib/i18n/kinds.zh.ts'
import { settingOf } from './given.ts'
import { prepareNetwork } from './prepare/network.ts'
import { prepareSpread } from './prepare/spread.ts'
import { isKind } from './ask-kinds.ts'

const view = 'distributor_performance'
const tile = networkTile()

function networkTile(): NetworkTile {
  for (const each of distributors.tiles) if (each.show === 'network') return each
  throw new Error('no network tile')
}

function seller(
  id: string,
  parent: string | null,
  team: number,
  own: number,
  activity = 'selling',
) {
  return {
    [`${view}.distributor_id`]: id,
    [`${view}.distributor`]: `D${id}`,
    [`${view}.parent_id`]: parent,
    [`${view}.depth`]: '0',
    [`${view}.grade`]: null,
    [`${view}.activity`]: activity,
    [`${view}.dependence`]: id === '1' ? 'child' : 'none',
    [`${view}.team_revenue_cents`]: String(team * 100),
    [`${view}.own_revenue_cents`]: String(own * 100),
  }
}

/** 1 has 3, 4 and a quiet 5; 2 stands alone; whoever is too small to be listed sold 200 below 1. */
const rows = [
  seller('1', null, 6000, 500),
  seller('3', '1', 4000, 4000),
  seller('2', null, 4000, 4000),
  seller('4', '1', 1300, 1300),
  seller('5', '1', 0, 0, 'inactive'),
]

function modelAt(at?: string) {
  const setting = settingOf({
    network: [rows],
    'network:total': [[{ [`${view}.own_revenue_cents`]: '1000000' }]],
  })
  const options: Record<string, string> = at ? { 'network.at': at } : {}
  const scope = { ...setting.scope, options }
  return prepareNetwork(tile, { ...setting, scope }, zh)
}

test('an icicle is as wide as teams sell, children under their parent, the quiet hatched', () => {
  const cells = modelAt().cells.map(({ name, level, x, width, tone }) => ({
    ...{ name, level, x, width, tone },
  }))
  const one = cells.find(({ name }) => name === 'D1')
  const two = cells.find(({ name }) => name === 'D2')
  expect([one?.width, two?.width]).toEqual([60, 40])
  const below = cells.filter(({ level }) => level === 2)
  expect(below.map(({ name, tone }) => [name, tone])).toEqual([
    ['D3', 'leaf'],
    ['D4', 'leaf'],
    ['其余', 'rest'],
    ['D5', 'quiet'],
  ])
  for (const { x, width } of below) {
    expect(x).toBeGreaterThanOrEqual(one?.x ?? 0)
    expect(x + width).toBeLessThanOrEqual((one?.x ?? 0) + (one?.width ?? 0))
  }
})

test('an outline opens down to the node that is chosen, and what is not listed is one line', () => {
  const model = modelAt('3')
  const lines = model.lines(new Set(model.opened))
  expect(lines.map(({ name, level, guides }) => [name, level, guides.at(-1) ?? ''])).toEqual([
    ['全部网络', 0, ''],
    ['D1', 1, 'tee'],
    ['D3', 2, 'tee'],
    ['D4', 2, 'tee'],
    ['D5', 2, 'tee'],
    ['其余', 2, 'last'],
    ['D2', 1, 'last'],
  ])
  expect(lines.find(({ isChosen }) => isChosen)?.name).toBe('D3')
  expect(model.lines(new Set(['']))).toHaveLength(3)
})

test('a team that one carries says so, and what to do about it', () => {
  const model = modelAt('1')
  const line = model.lines(new Set(model.opened)).find(({ id }) => id === '1')
  expect(line?.largest).toMatchObject({ text: '67%', isHigh: true })
  expect(line?.flag?.text).toBe('靠一个下级')
  expect(model.pane?.spread[0]).toMatchObject({ name: 'D3', rate: '72.7%', isHigh: true })
  expect(model.pane?.hints.map(({ tone }) => tone)).toEqual(['bad', 'warn'])
})

test('a node of somebody else’s tree is nowhere, and the whole is shown', () => {
  const model = modelAt('999')
  expect(model.cells[0]?.tone).toBe('root')
  expect(model.pane?.name).toBe('D1')
})

test('who names himself or his own child as parent still has a place', () => {
  const setting = settingOf({
    network: [[seller('1', '2', 10, 5), seller('2', '1', 10, 5), seller('3', '3', 1, 1)]],
    'network:total': [[]],
  })
  const model = prepareNetwork(tile, setting, zh)
  expect(model.lines(new Set(['', '1', '2', '3'])).map(({ name }) => name)).toContain('D3')
})

test('an index is told in words', () => {
  const spread = distributors.tiles.find((each) => each.show === 'spread')
  if (!spread || !isKind(spread) || spread.show !== 'spread') throw new Error('no spread tile')
  const told = (hhi: string | null) =>
    prepareSpread(spread, settingOf({ concentration: [[{ [`${view}.concentration_hhi`]: hhi }]] }))
      .index?.tone
  expect([told('0.08'), told('0.2'), told('0.6'), told(null)]).toEqual([
    'good',
    'warn',
    'bad',
    undefined,
  ])
})
