import { expect, test } from 'vitest'
import type { Role, User } from '#lib/api/client.ts'
import { homeOf, mayVisit } from './session.ts'

function user(role: Role): User {
  const base = { id: 1, login: 'x', name: 'x', distributor_name: null, viewed_by: null }
  return { ...base, locale: 'en', role, distributor_id: role === 'distributor' ? 7 : null }
}

test('a distributor has the portal and nothing else', () => {
  expect(homeOf(user('distributor'))).toBe('/portal')
  expect(mayVisit(user('distributor'), '/portal')).toBe(true)
  expect(mayVisit(user('distributor'), '/today')).toBe(false)
  expect(mayVisit(user('distributor'), '/portalx')).toBe(false)
})

test('nobody of the company has a portal', () => {
  for (const role of ['admin', 'executive', 'analyst', 'operations', 'warehouse'] as const) {
    expect(homeOf(user(role))).toBe('/today')
    expect(mayVisit(user(role), '/portal')).toBe(false)
    expect(mayVisit(user(role), '/today')).toBe(true)
  }
})
