import { expect, test } from 'vitest'
import { withApp } from '../../test/app.ts'

test('an event of the log can be neither changed nor taken out, by nobody', () =>
  withApp(async ({ given, as, database: { owner, core } }) => {
    const id = await given.distributor()
    const admin = await as('admin')
    await admin({ method: 'PATCH', url: `/distributors/${id}`, payload: { name: 'Renamed' } })
    for (const [sql, reason] of [
      [owner, 'append-only'],
      [core, 'permission denied'],
    ] as const) {
      await expect(sql`update audit_event set reason = 'never'`).rejects.toThrow(reason)
      await expect(sql`delete from audit_event`).rejects.toThrow(reason)
      await expect(sql`truncate audit_event`).rejects.toThrow(reason)
    }
  }))

test('moving or renaming a distributor is told with before and after', () =>
  withApp(async ({ given, as }) => {
    const root = await given.distributor()
    const id = await given.distributor()
    const admin = await as('admin')
    await admin({ method: 'PATCH', url: `/distributors/${id}`, payload: { parent_id: root } })
    const { body } = await admin({ method: 'GET', url: '/audit-events?action=distributor&limit=1' })
    expect(body).toMatchObject({
      items: [
        {
          action: 'distributor.changed',
          subject_id: id,
          before: { parent_id: null },
          after: { parent_id: root, ancestor_ids: [root, id] },
        },
      ],
    })
  }))

test('events written at once still make one chain, and a forged one breaks it', () =>
  withApp(async ({ given, as, database: { owner } }) => {
    const admin = await as('admin')
    const ids = await Promise.all(Array.from({ length: 20 }, () => given.distributor()))
    await Promise.all(
      ids.map((id) =>
        admin({ method: 'PATCH', url: `/distributors/${id}`, payload: { status: 'suspended' } }),
      ),
    )
    expect(await owner`select id from audit_event_break`).toHaveLength(0)
    const [{ events }] = await owner<[{ events: number }]>`
      select count(*)::integer as events from audit_event
    `
    expect(events).toBeGreaterThanOrEqual(20)

    // Whoever owns the database can switch the trigger off; then the chain tells.
    await owner.begin(async (sql) => {
      await sql`alter table audit_event disable trigger append_only`
      await sql`update audit_event set after = '{"status": "active"}' where id = (select min(id) + 3 from audit_event)`
      await sql`alter table audit_event enable trigger append_only`
    })
    const broken = await owner<{ id: number }[]>`select id from audit_event_break`
    const [{ forged }] = await owner<[{ forged: number }]>`
      select min(id) + 3 as forged from audit_event
    `
    expect(broken.map(({ id }) => id)).toEqual([forged])
  }))
