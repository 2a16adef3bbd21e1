import { expect, test } from 'vitest'
import { withApp } from '../../test/app.ts'

function textsOf(body: unknown): string[] {
  const items: { text: string }[] = Object(body).items
  return items.map(({ text }) => text)
}

test('a note stands on its business day, which is the company’s, not the clock’s in Greenwich', () =>
  withApp(async ({ as }) => {
    const ask = await as('analyst')
    // 23:30 and 00:30 in Shanghai.
    const late = { at: '2026-11-09T15:30:00Z', text: 'Fair closes' }
    const early = { at: '2026-11-09T16:30:00Z', text: 'Sale begins' }
    for (const payload of [early, late]) await ask({ method: 'POST', url: '/annotations', payload })
    const on = async (day: string) =>
      textsOf((await ask({ method: 'GET', url: `/annotations?from=${day}&to=${day}` })).body)
    expect(await on('2026-11-09')).toEqual(['Fair closes'])
    expect(await on('2026-11-10')).toEqual(['Sale begins'])
  }))

test('a removed note is off the charts; the audit log keeps what it said', () =>
  withApp(async ({ as, database }) => {
    const ask = await as('executive')
    const payload = { at: '2026-12-01T02:00:00Z', text: 'Typo' }
    const { body } = await ask({ method: 'POST', url: '/annotations', payload })
    const url = `/annotations/${Object(body).id}/remove`
    expect((await ask({ method: 'POST', url })).status).toBe(200)
    expect((await ask({ method: 'POST', url })).status).toBe(404)
    const list = await ask({ method: 'GET', url: '/annotations?from=2026-12-01&to=2026-12-01' })
    expect(textsOf(list.body)).toEqual([])
    const [event] = await database.owner`
      select before->>'text' as text
      from audit_event
      where action = 'annotation.removed'
    `
    expect(event).toEqual({ text: 'Typo' })
  }))

test('a distributor neither reads nor writes the company’s notes', () =>
  withApp(async ({ as, given }) => {
    const ask = await as('distributor', await given.distributor())
    const read = await ask({ method: 'GET', url: '/annotations?from=2026-12-01&to=2026-12-01' })
    const payload = { at: '2026-12-01T02:00:00Z', text: 'x' }
    expect(read.status).toBe(403)
    expect((await ask({ method: 'POST', url: '/annotations', payload })).status).toBe(403)
  }))
