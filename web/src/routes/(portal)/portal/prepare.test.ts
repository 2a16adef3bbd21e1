import { expect, test } from 'vitest'
import type { Row } from '#lib/cube.ts'
import { monthsAt } from './period.ts'
import {
  prepareLadder,
  prepareMonth,
  prepareParts,
  prepareQuiet,
  prepareRank,
  prepareTeam,
  rowsOf,
} from './prepare.ts'

const months = monthsAt(new Date('2026-11-03T06:00:00Z'), 'Asia/Shanghai')

function day(business_day: string, cents: string): Row {
  return {
    'distributors.business_day': business_day,
    'distributors.team_revenue_cents': cents,
  }
}

test('a month that sold nothing on a day goes on level, and ends today', () => {
  const { now, then } = prepareMonth(
    [[], [], [day('2026-11-01', '500'), day('2026-11-03', '25')]],
    months,
  )

  expect(now.map((point) => point.cents)).toEqual([500n, 500n, 525n])
  expect(then).toHaveLength(31)
})

test('own and below add up to the team, in cents and in per cent', () => {
  const row = {
    'distributors.team_revenue_cents': '30000',
    'distributors.own_revenue_cents': '10001',
  }
  const { total, own, below } = prepareMonth([[row], [], []], months)

  expect(own.part + below.part).toBe(total)
  expect(own.percent + below.percent).toBe(100)
})

test('a team that earned nothing has no shares, not 100 per cent of nothing', () => {
  const { own, below } = prepareMonth([[], [], []], months)

  expect([own.percent, below.percent]).toEqual([0, 0])
})

function stands(state: string, level: string, cents: string): Row {
  return {
    'commissions.state': state,
    'commissions.level': level,
    'commissions.amount_cents': cents,
  }
}

test('a state without entries stands at zero, in its place', () => {
  const ladder = prepareLadder([[stands('frozen', '1', '12')]])

  expect(ladder.map((rung) => rung.state)).toEqual(['pending', 'frozen', 'available', 'paid'])
  expect(ladder.map((rung) => rung.cents)).toEqual([0n, 12n, 0n, 0n])
})

test('direct and second level add up to what stands in a state', () => {
  const [, frozen] = prepareLadder([[stands('frozen', '1', '12'), stands('frozen', '2', '-5')]])

  expect(frozen?.parts.map((part) => part.cents)).toEqual([12n, -5n])
  expect(frozen?.cents).toBe(7n)
})

function sold(id: string, team: string): Row {
  return { 'distributors.distributor_id': id, 'distributors.team_revenue_cents': team }
}
const children = [1, 2, 3, 4].map((id) => ({ id, name: `team ${id}`, status: 'active' }))

test('the rest of a team is one row, and the rows still add up', () => {
  const mates = prepareTeam(children, [[sold('2', '70'), sold('1', '20'), sold('3', '5')], []], 2)

  expect(mates.map(({ key, members, team }) => [key, members, team])).toEqual([
    ['2', 1, 70n],
    ['1', 1, 20n],
    ['rest', 2, 5n],
  ])
})

test('a rest of one keeps its own name', () => {
  expect(prepareTeam(children, [[], []], 3).map(({ key }) => key)).not.toContain('rest')
})

test('who left the company is listed only while he still has sales', () => {
  const left = { id: 5, name: 'left', status: 'terminated' }

  expect(prepareTeam([left], [[], []], 3)).toEqual([])
  expect(prepareTeam([left], [[sold('5', '1')], []], 3)).toHaveLength(1)
})

test('one failed answer of a panel is no answer, not zeros', () => {
  const problem = { title: 'no', status: 503, code: 'X' }
  const answer = { rows: [], watermark: null, cost: { ms: 1, cached: false } }

  expect(
    rowsOf([
      { ok: true, answer },
      { ok: false, problem },
    ]),
  ).toBeNull()
  expect(rowsOf([{ ok: true, answer }])).toEqual([[]])
})

function place(sibling_rank: string, rank = '40', sibling_count = '11'): Row {
  return {
    'distributor_performance.sibling_rank': sibling_rank,
    'distributor_performance.rank': rank,
    'distributor_performance.sibling_count': sibling_count,
  }
}

test('a smaller place than last month is places won', () => {
  expect(prepareRank([[place('3')], [place('5')]])).toEqual({
    place: 3n,
    siblings: 11n,
    overall: 40n,
    won: 2n,
  })
  expect(prepareRank([[place('5')], [place('3')]])?.won).toBe(-2n)
})

test('who was not there last month has lost nothing, and who is not there now has no place', () => {
  expect(prepareRank([[place('3')], [place('0', '0', '0')]])?.won).toBeNull()
  expect(prepareRank([[place('3')], []])?.won).toBeNull()
  expect(prepareRank([[place('0', '0', '0')], []])).toBeNull()
})

test('who has gone quiet is told even when he has sold nothing in both months', () => {
  const quiet = prepareQuiet([[], [], [{ 'distributor_performance.distributor_id': '8' }]])
  const children = [7, 8].map((id) => ({ id, name: `D${id}`, status: 'active' }))
  const mates = prepareTeam(children, [[], []], 8, quiet)
  expect(mates.map(({ key, isQuiet }) => [key, isQuiet])).toEqual([
    ['7', false],
    ['8', true],
  ])
  expect(prepareQuiet(null).size).toBe(0)
})

test('what was earned is told even where it is nothing, what was taken back only where something was', () => {
  expect(prepareParts([{ part: 'second_level', lines: 4, amount_cents: '250' }])).toEqual([
    { part: 'direct', lines: 0, cents: 0n },
    { part: 'second_level', lines: 4, cents: 250n },
  ])
  expect(prepareParts([{ part: 'taken_back', lines: 1, amount_cents: '-30' }]).at(-1)).toEqual({
    part: 'taken_back',
    lines: 1,
    cents: -30n,
  })
})
