import { expect, test } from 'vitest'
import { codeOf, withApp } from '../../test/app.ts'

const revenue = { measure: 'sales.revenue_cents', period: 'month', on: '2026-11-09' }

function itemsOf(
  body: unknown,
): { id: number; target: string; starts_on: string; ends_on: string }[] {
  return Object(body).items
}

test('a goal that is set again is replaced, and the audit log keeps what it was', () =>
  withApp(async ({ as, database }) => {
    const ask = await as('executive')
    await ask({ method: 'POST', url: '/goals', payload: { ...revenue, target: '100' } })
    const again = { ...revenue, on: '2026-11-30', target: '250' }
    expect((await ask({ method: 'POST', url: '/goals', payload: again })).status).toBe(200)

    const { body } = await ask({ method: 'GET', url: '/goals?on=2026-11-15' })
    expect(itemsOf(body)).toMatchObject([
      { target: '250', starts_on: '2026-11-01', ends_on: '2026-12-01' },
    ])
    const events = await database.owner`
      select action, before->>'target' as before, after->>'target' as after
      from audit_event
      where subject_kind = 'goal'
      order by id
    `
    expect([...events]).toEqual([
      { action: 'goal.set', before: null, after: '100' },
      { action: 'goal.changed', before: '100', after: '250' },
    ])
  }))

test('a goal runs in its own period and in no other', () =>
  withApp(async ({ as }) => {
    const ask = await as('admin')
    const quarter = { ...revenue, period: 'quarter', target: '9' }
    await ask({ method: 'POST', url: '/goals', payload: quarter })
    const on = async (day: string) =>
      itemsOf((await ask({ method: 'GET', url: `/goals?on=${day}` })).body).length
    expect(await Promise.all([on('2026-09-30'), on('2026-10-01'), on('2026-12-31')])).toEqual([
      0, 1, 1,
    ])
    expect(await on('2027-01-01')).toBe(0)
  }))

test('a week is from Monday to Sunday, a day is a day, and each has a goal of its own', () =>
  withApp(async ({ as }) => {
    const ask = await as('executive')
    // The 6th of April 2031 is a Sunday, the 7th a Monday.
    for (const period of ['day', 'week'])
      await ask({
        method: 'POST',
        url: '/goals',
        payload: { ...revenue, period, on: '2031-04-06', target: '9' },
      })
    const on = async (day: string) =>
      itemsOf((await ask({ method: 'GET', url: `/goals?on=${day}` })).body).map(
        ({ starts_on, ends_on }) => [starts_on, ends_on],
      )
    const week = ['2031-03-31', '2031-04-07']
    expect(await on('2031-03-31')).toEqual([week])
    expect(await on('2031-04-06')).toEqual([['2031-04-06', '2031-04-07'], week])
    expect(await on('2031-04-07')).toEqual([])
  }))

test('a distributor sees what is expected of him, and of nobody else', () =>
  withApp(async ({ as, given }) => {
    const [his, others] = [await given.distributor(), await given.distributor()]
    const admin = await as('admin')
    for (const distributor_id of [his, others, null])
      await admin({
        method: 'POST',
        url: '/goals',
        payload: { ...revenue, distributor_id, target: '7' },
      })
    const portal = await as('distributor', his)
    const all = await portal({ method: 'GET', url: '/goals?on=2026-11-15' })
    expect(itemsOf(all.body)).toMatchObject([{ distributor_id: his }])
    const guessed = await portal({
      method: 'GET',
      url: `/goals?on=2026-11-15&distributor_id=${others}`,
    })
    expect(itemsOf(guessed.body)).toEqual([])
  }))

test('who may set a goal is named; a distributor that does not exist has none', () =>
  withApp(async ({ as }) => {
    const payload = { ...revenue, target: '7' }
    for (const role of ['analyst', 'operations', 'warehouse'] as const) {
      const ask = await as(role)
      expect((await ask({ method: 'POST', url: '/goals', payload })).status).toBe(403)
    }
    const ask = await as('executive')
    const missing = { ...payload, distributor_id: 999_999 }
    expect(codeOf(await ask({ method: 'POST', url: '/goals', payload: missing }))).toBe(
      'UNKNOWN_REFERENCE',
    )
    expect(
      (await ask({ method: 'POST', url: '/goals', payload: { ...payload, target: '0' } })).status,
    ).toBe(400)
  }))

test('a removed goal is gone, and removing it twice finds none', () =>
  withApp(async ({ as }) => {
    const ask = await as('executive')
    const { body } = await ask({
      method: 'POST',
      url: '/goals',
      payload: { ...revenue, target: '7' },
    })
    const url = `/goals/${Object(body).id}/remove`
    expect((await ask({ method: 'POST', url })).status).toBe(200)
    expect((await ask({ method: 'POST', url })).status).toBe(404)
  }))
