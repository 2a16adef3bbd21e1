import { expect, test } from 'vitest'
import { type Ask, codeOf, orderOf, withApp } from '../../test/app.ts'

const BUYERS = 1_000
const UNITS = 200
const ATTEMPTS_MAX = 5

test('a thousand buyers of two hundred pieces: two hundred get one, nobody else, and the books agree', () =>
  withApp(async ({ given, as, database }) => {
    const sku = await given.sku({ in_stock: UNITS })
    const ask = await as('operations')
    const payload = {
      channel_id: await given.channel(),
      lines: [{ sku_id: sku.id, quantity: 1 }],
    }
    const started = performance.now()
    const answers = await Promise.all(
      Array.from({ length: BUYERS }, (_, buyer) => insist(ask, `buyer-${buyer}`, payload)),
    )
    const seconds = (performance.now() - started) / 1000
    console.log(`${BUYERS} buyers answered in ${seconds.toFixed(1)} s`)

    const sold = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status === 409)
    const others = answers.filter(({ status }) => status !== 201 && status !== 409)
    expect(others.map(({ status, body }) => ({ status, body }))).toEqual([])
    expect(sold).toHaveLength(UNITS)
    expect(refused).toHaveLength(BUYERS - UNITS)
    for (const { body } of refused) expect(body).toMatchObject({ code: 'OUT_OF_STOCK' })
    const [level] = await database.owner`
      select on_hand, reserved, (select sum(reserved_delta)::int from stock_move where sku_id = ${sku.id}) as moved
      from stock_level where sku_id = ${sku.id}
    `
    expect(level).toEqual({ on_hand: UNITS, reserved: UNITS, moved: UNITS })
    expect(await database.owner`select * from stock_level_difference`).toHaveLength(0)
  }))

test('orders for the same skus in opposite order, shipped meanwhile, never block each other for good', () =>
  withApp(async ({ given, as, database }) => {
    const warehouse_id = await given.warehouse()
    const skus = await Promise.all(
      Array.from({ length: 4 }, () =>
        given.sku({ in_stock: 500, value_cents: 5_000n, warehouse_id }),
      ),
    )
    const ask = await as('operations')
    const channel_id = await given.channel()
    const forwards = skus.map(({ id }) => ({ sku_id: id, quantity: 1 }))
    const buy = async (lines: typeof forwards) => {
      const payload = { channel_id, warehouse_id, lines }
      const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
      orderOf(await ask({ method: 'POST', url: `/orders/${id}/pay` }))
      orderOf(await ask({ method: 'POST', url: `/orders/${id}/ship` }))
    }
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => buy(index % 2 ? forwards : forwards.toReversed())),
    )

    const levels = await database.owner`
      select on_hand, reserved, value_cents from stock_level where warehouse_id = ${warehouse_id}
    `
    for (const level of levels) {
      expect(level).toEqual({ on_hand: 440, reserved: 0, value_cents: '4400' })
    }
    expect(await database.owner`select * from stock_level_difference`).toHaveLength(0)
  }))

test('taken meanwhile in one warehouse, an order goes to the next one', () =>
  withApp(async ({ given, as }) => {
    const near = await given.warehouse(1)
    const far = await given.warehouse(2)
    const sku = await given.sku({ in_stock: 20, warehouse_id: near })
    await given.stock(sku.id, far, 20)
    const ask = await as('operations')
    const payload = { channel_id: await given.channel(), lines: [{ sku_id: sku.id, quantity: 1 }] }
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => ask({ method: 'POST', url: '/orders', payload })),
    )
    const from = answers
      .filter(({ status }) => status === 201)
      .map((answer) => orderOf(answer).warehouse_id)
    expect(from.filter((id) => id === near)).toHaveLength(20)
    expect(from.filter((id) => id === far)).toHaveLength(20)
  }))

/** What a good client does: told that too much is going on, it asks again with the same key. */
async function insist(ask: Ask, key: string, payload: object) {
  const headers = { 'idempotency-key': key }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask({ method: 'POST', url: '/orders', headers, payload })
    if (answer.status !== 503 || attempt === ATTEMPTS_MAX) return answer
    expect(['BUSY', 'DEPENDENCY_DOWN']).toContain(codeOf(answer))
    expect(answer.headers['retry-after']).toBe('2')
  }
}
