import { expect, test } from 'vitest'
import { dimensions, measures, views } from '../semantic/members.ts'
import { dashboards } from './index.ts'
import { topics } from './topics.ts'

const known = new Set([...Object.keys(measures), ...Object.keys(dimensions)])
const COLUMNS = 12
const WIDE_COLUMNS = 16

/** Every text of a dashboard that looks like view.member. */
function membersIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[a-z_]+\.[a-z0-9_]+$/.test(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(membersIn) : []
}

for (const dashboard of dashboards) {
  test(`${dashboard.slug}: every member is one the model has`, () => {
    const members = membersIn(dashboard)
    expect(members.length).toBeGreaterThan(10)
    expect(members.filter((member) => !known.has(member))).toEqual([])
  })

  test(`${dashboard.slug}: keys are unique, and the rows are full at both widths`, () => {
    const keys = dashboard.tiles.map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    const placed = dashboard.tiles.filter((tile) => tile.show !== 'number')
    const total = (columns: number[]) => columns.reduce((sum, width) => sum + width, 0)
    expect(total(placed.map(({ width }) => width)) % COLUMNS).toBe(0)
    expect(total(placed.map(({ wide }) => wide.width)) % WIDE_COLUMNS).toBe(0)
    expect(new Set(placed.map(({ wide }) => wide.order)).size).toBe(placed.length)
  })

  test(`${dashboard.slug}: good news is the direction that the model calls good`, () => {
    const numbers = dashboard.tiles.filter((tile) => tile.show === 'number')
    expect(numbers.map(({ good }) => good)).toEqual(
      numbers.map(({ measure }) => measures[measure].good),
    )
  })
}

test('the topics of each view are the model’s own', () => {
  expect(topics).toEqual(
    Object.fromEntries(Object.entries(views).map(([name, view]) => [name, view.topics])),
  )
})
