import { expect, test } from 'vitest'
import { measures, views } from '../semantic/members.ts'
import { dashboards } from './index.ts'
import { topics, wholeWeeks } from './topics.ts'

test('each dashboard has an address of its own', () => {
  const slugs = dashboards.map(({ slug }) => slug)
  expect(new Set(slugs).size).toBe(slugs.length)
})

test('the topics of each view are the model’s own', () => {
  expect(topics).toEqual(
    Object.fromEntries(Object.entries(views).map(([name, view]) => [name, view.topics])),
  )
})

test('the weeks that orders are listed of are those that the measure’s own words name', () => {
  const weeks = wholeWeeks.product_velocity
  expect(measures['product_velocity.units'].description).toContain(`last ${weeks} whole weeks`)
})
