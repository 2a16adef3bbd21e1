import { describe, expect, test } from 'vitest'
import { isForbidden, scopeOf } from './access.ts'

test.each(['admin', 'executive', 'analyst', 'operations', 'warehouse'])(
  '%s sees the whole company',
  (role) => {
    expect(scopeOf({ sub: '1', role, distributor_id: null })).toEqual({ role, rows: 'all' })
  },
)

test('a distributor sees his subtree', () => {
  expect(scopeOf({ sub: '1', role: 'distributor', distributor_id: '42' })).toEqual({
    role: 'distributor',
    rows: '42',
  })
})

describe('who has no scope is refused, never shown zeros', () => {
  test.each([null, '', 'all', '0', '-1', '1 or 1=1', '99999999999999999999'])(
    'distributor %s',
    (distributor_id) => {
      expect(() => scopeOf({ sub: '1', role: 'distributor', distributor_id })).toThrow('not bound')
    },
  )
  test.each(['', 'root', 'Admin', 'constructor'])('role %s', (role) => {
    expect(() => scopeOf({ sub: '1', role, distributor_id: null })).toThrow('not bound')
  })
})

test('a view is forbidden to the roles it names', () => {
  expect(isForbidden({ forbidden_to: ['distributor'] }, { role: 'distributor', rows: '1' })).toBe(
    true,
  )
  expect(isForbidden({ forbidden_to: ['distributor'] }, { role: 'admin', rows: 'all' })).toBe(false)
})
