import { expect, test } from 'vitest'
import { codeOf, orderOf, withApp, type Answer, type World } from '../../test/app.ts'
import { targetOf } from './service.ts'

function linkOf({ status, body }: Answer): { id: number; code: string } {
  if (status !== 200 && status !== 201) throw new Error(JSON.stringify(body))
  const { id, code }: { id: number; code: string } = Object(body)
  return { id, code }
}

async function makeLink(world: World, distributorId: number, channel_id: number) {
  const ask = await world.as('distributor', distributorId)
  return linkOf(
    await ask({ method: 'POST', url: '/promo-links', payload: { channel_id, name: 'Poster' } }),
  )
}

function visit(world: World, code: string, visit_id: string) {
  return world.ask({ method: 'POST', url: '/promo-visits', payload: { code, visit_id } })
}

test('a visit through a link counts once, for its distributor and under its code', () =>
  withApp(async (world) => {
    const { given, database } = world
    const seller = await given.distributor()
    const channel = await given.channel()
    const { code } = await makeLink(world, seller, channel)
    for (let time = 0; time < 3; time += 1) {
      expect((await visit(world, code.toLowerCase(), 'v-once')).status).toBe(201)
    }
    const rows = await database.owner`
      select step, distributor_id, promo_code, channel_id
      from funnel_event
      where visit_id = 'v-once'
    `
    expect([...rows]).toEqual([
      { step: 'visit', distributor_id: seller, promo_code: code, channel_id: channel },
    ])
  }))

test('an order of a visitor nobody has yet is sold by whose link brought him, who earns on it', () =>
  withApp(async (world) => {
    const { given, database } = world
    const seller = await given.distributor()
    const other = await given.distributor()
    const channel_id = await given.channel()
    const sku = await given.sku({ in_stock: 9 })
    await given.rule(1, 1_000, { sku_id: sku.id })
    const { code } = await makeLink(world, seller, channel_id)
    const desk = await world.as('operations')
    const place = async (visit_id: string, payload: object = {}) => {
      await visit(world, code, visit_id)
      const lines = [{ sku_id: sku.id, quantity: 1 }]
      const order = { channel_id, visit_id, lines, ...payload }
      return orderOf(await desk({ method: 'POST', url: '/orders', payload: order }))
    }
    const { id, distributor_id } = await place('v-new')
    expect(distributor_id).toBe(seller)
    orderOf(await desk({ method: 'POST', url: `/orders/${id}/pay` }))
    const earned = await database.owner`
      select distributor_id, amount_cents
      from commission_entry
      where order_id = ${id}
    `
    expect([...earned]).toEqual([{ distributor_id: seller, amount_cents: '100' }])
    const steps = await database.owner`
      select step
      from funnel_event
      where promo_code = ${code} and visit_id = 'v-new'
      order by id
    `
    expect(steps.map(({ step }) => step)).toEqual(['visit', 'order', 'paid'])

    // First touch: a customer who belongs to somebody stays his, whatever link he follows later.
    const customer_id = await given.customer(other)
    expect((await place('v-bound', { customer_id })).distributor_id).toBe(other)
    expect((await place('v-named', { distributor_id: other })).distributor_id).toBe(other)
  }))

test('a link that is unknown, disabled or of a suspended distributor leads nowhere and counts nothing', () =>
  withApp(async (world) => {
    const { given, database } = world
    const seller = await given.distributor()
    const gone = await given.distributor()
    const channel = await given.channel()
    const disabled = await makeLink(world, seller, channel)
    const suspended = await makeLink(world, gone, channel)
    const ask = await world.as('distributor', seller)
    const url = `/promo-links/${disabled.id}`
    const off = { method: 'PATCH', url, payload: { is_disabled: true } } as const
    expect((await ask(off)).body).toMatchObject({ disabled_at: expect.any(String) })
    await database.owner`update distributor set status = 'suspended' where id = ${gone}`
    for (const code of ['ZZZZZZZ', disabled.code, suspended.code, '../../x', '\u{1f4a3}']) {
      const answer = await visit(world, code, `v-${code.length}-${code.slice(0, 3)}`)
      expect([code, answer.status, codeOf(answer)]).toEqual([code, 404, 'NOT_FOUND'])
    }
    const codes = [disabled.code, suspended.code]
    const counted = await database.owner`
      select id from funnel_event where promo_code = any (${codes}::text[])
    `
    expect(counted).toHaveLength(0)

    expect((await ask({ ...off, payload: { is_disabled: false } })).body).toMatchObject({
      disabled_at: null,
    })
    expect((await visit(world, disabled.code, 'v-again')).status).toBe(201)
  }))

test('a distributor sees and changes his own links only: not his team’s, not his sponsor’s', () =>
  withApp(async (world) => {
    const { given, database } = world
    const sponsor = await given.distributor()
    const child = await given.distributor({ parent_id: sponsor })
    const channel_id = await given.channel()
    const links = {
      sponsor: await makeLink(world, sponsor, channel_id),
      child: await makeLink(world, child, channel_id),
    }
    for (const [who, own, others] of [
      [sponsor, links.sponsor, links.child],
      [child, links.child, links.sponsor],
    ] as const) {
      const ask = await world.as('distributor', who)
      const listed = async (query: string) =>
        Object((await ask({ method: 'GET', url: `/promo-links${query}` })).body).items.map(
          ({ id }: { id: number }) => id,
        )
      expect(await listed('')).toEqual([own.id])
      expect(await listed(`?distributor_id=${who === child ? sponsor : child}`)).toEqual([])
      const payload = { is_disabled: true }
      const stolen = await ask({ method: 'PATCH', url: `/promo-links/${others.id}`, payload })
      const invented = await ask({ method: 'PATCH', url: '/promo-links/999999', payload })
      expect(stolen).toMatchObject({ status: 404, body: invented.body })
      const foreign = { channel_id, name: 'x', distributor_id: who === child ? sponsor : child }
      expect((await ask({ method: 'POST', url: '/promo-links', payload: foreign })).status).toBe(
        403,
      )
    }
    // The database says so too, whatever a query asks.
    const seen = await database.core.begin(async (sql) => {
      await sql`set local role tributary_portal`
      await sql`select set_config('app.distributor_id', ${String(child)}, true)`
      return sql<{ id: number }[]>`select id from promo_link`
    })
    expect(seen.map(({ id }) => id)).toEqual([links.child.id])
    await expect(
      database.core.begin(async (sql) => {
        await sql`set local role tributary_portal`
        await sql`update promo_link set disabled_at = now()`
      }),
    ).rejects.toMatchObject({ code: '42501' })
  }))

test('the way on is the shop that staff have set, with the code, the visit and the product', () =>
  withApp(async (world) => {
    const { given } = world
    const seller = await given.distributor()
    const channel_id = await given.channel()
    const product_id = (await given.sku()).product_id
    const { code } = await makeLink(world, seller, channel_id)
    expect((await visit(world, code, 'v-a')).body).toMatchObject({ url: null })

    const admin = await world.as('admin')
    const url = `/channel-shops/${channel_id}`
    for (const bad of ['javascript:alert(1)', '//shop.test', 'ftp://shop.test/', 'https://a b/']) {
      const answer = await admin({ method: 'PATCH', url, payload: { url: bad } })
      expect([bad, answer.status]).toEqual([bad, 400])
    }
    const shop = { url: 'https://shop.test/start?lang=en' }
    expect((await admin({ method: 'PATCH', url, payload: shop })).status).toBe(200)
    expect((await visit(world, code, 'v&=#')).body).toMatchObject({
      url: `https://shop.test/start?lang=en&promo=${code}&visit=v%26%3D%23`,
    })

    const ask = await world.as('distributor', seller)
    const payload = { channel_id, product_id, name: 'One product' }
    const made = linkOf(await ask({ method: 'POST', url: '/promo-links', payload }))
    expect(Object((await visit(world, made.code, 'v-p')).body).url).toMatch(/product=SKU/)
  }))

test('no visit id and no code can lead to another host', () => {
  const shop_url = 'https://shop.test/'
  for (const evil of ['//evil.test', '@evil.test', '\\\\evil.test', 'https://evil.test', '\n']) {
    const target = targetOf({ code: evil, product_code: evil, shop_url }, evil)
    expect(new URL(target ?? '').host).toBe('shop.test')
  }
})

test('who makes and disables a link is written down, before and after', () =>
  withApp(async (world) => {
    const { given } = world
    const seller = await given.distributor()
    const { id, code } = await makeLink(world, seller, await given.channel())
    const ask = await world.as('distributor', seller)
    const payload = { is_disabled: true }
    // Disabling what is disabled changes nothing, so nothing is written.
    for (let time = 0; time < 2; time += 1) {
      await ask({ method: 'PATCH', url: `/promo-links/${id}`, payload })
    }
    const admin = await world.as('admin')
    const { body } = await admin({ method: 'GET', url: '/audit-events?action=promo_link' })
    const told = Object(body).items.filter((event: { subject: string }) => event.subject === code)
    expect(told).toMatchObject([
      {
        action: 'promo_link.disabled',
        before: { disabled_at: null },
        after: { disabled_at: expect.any(String) },
      },
      { action: 'promo_link.created', before: null, after: { code } },
    ])
  }))
