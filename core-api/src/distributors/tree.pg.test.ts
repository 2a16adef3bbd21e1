import { expect, test } from 'vitest'
import { codeOf, withApp, type World } from '../../test/app.ts'
import { unique } from '../../test/unique.ts'

async function chainOf({ given }: World, length: number, parent_id: number | null = null) {
  const ids: number[] = []
  for (let depth = 0; depth < length; depth += 1) {
    ids.push(await given.distributor({ parent_id: ids.at(-1) ?? parent_id }))
  }
  return ids
}

async function pathOf({ database }: World, id: number) {
  const [row] = await database.owner<[{ path: string; depth: number }]>`
    select path::text, depth from distributor where id = ${id}
  `
  return row
}

test('a move takes the whole subtree along, and orders keep the tree they were placed under', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const [root, middle, leaf] = await chainOf(world, 3)
    const [newRoot] = await chainOf(world, 1)
    const sku = await world.given.sku({ in_stock: 1 })
    const lines = [{ sku_id: sku.id, quantity: 1 }]
    const payload = { channel_id: await world.given.channel(), distributor_id: leaf, lines }
    const placed = await ask({ method: 'POST', url: '/orders', payload })

    const moved = await ask({
      method: 'PATCH',
      url: `/distributors/${middle}`,
      payload: { parent_id: newRoot },
    })
    expect(moved).toMatchObject({
      status: 200,
      body: { ancestor_ids: [newRoot, middle], depth: 2 },
    })
    expect(await pathOf(world, leaf ?? 0)).toEqual({
      path: `${newRoot}.${middle}.${leaf}`,
      depth: 3,
    })
    expect(placed.body).toMatchObject({ ancestor_ids: [root, middle, leaf] })
  }))

test('nobody moves below himself or below his own subtree', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const [root, middle, leaf] = await chainOf(world, 3)
    for (const parent_id of [root, middle, leaf]) {
      const answer = await ask({
        method: 'PATCH',
        url: `/distributors/${root}`,
        payload: { parent_id },
      })
      expect(answer.status).toBe(409)
      expect(codeOf(answer)).toBe('CYCLE')
    }
    expect(await pathOf(world, leaf ?? 0)).toEqual({ path: `${root}.${middle}.${leaf}`, depth: 3 })
  }))

test('the tree is at most sixteen deep, also for the deepest node of a subtree that moves', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const deep = await chainOf(world, 16)
    const tooDeep = await ask({
      method: 'POST',
      url: '/distributors',
      payload: { code: unique('D'), name: 'seventeenth', parent_id: deep.at(-1) },
    })
    expect(codeOf(tooDeep)).toBe('TREE_TOO_DEEP')

    const short = await chainOf(world, 3)
    const move = (parent_id: number | undefined) =>
      ask({ method: 'PATCH', url: `/distributors/${short[0]}`, payload: { parent_id } })
    expect(codeOf(await move(deep[13]))).toBe('TREE_TOO_DEEP')
    expect((await move(deep[12])).status).toBe(200)
  }))

test('moves made at the same time never leave a cycle or a path that is not the way to the root', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const ids = await chainOf(world, 8)
    const statuses: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const moves = ids.map((id, index) => {
        const parent_id = ids[(index * 3 + round + 1) % ids.length]
        return ask({ method: 'PATCH', url: `/distributors/${id}`, payload: { parent_id } })
      })
      statuses.push(...(await Promise.all(moves)).map(({ status }) => status))
    }
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true)
    expect(statuses).toContain(200)
    expect(statuses).toContain(409)

    const wrong = await world.database.owner`
      with recursive reached (id, way) as (
        select id, array[id] from distributor where parent_id is null
        union all
        select child.id, reached.way || child.id
        from distributor as child join reached on child.parent_id = reached.id
      )
      select distributor.id
      from distributor left join reached using (id)
      where reached.way is distinct from ancestor_ids(distributor.path)
        or depth <> cardinality(reached.way)
    `
    expect(wrong).toEqual([])
  }))

test('two that move below each other at once: one of them is refused', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    for (let round = 0; round < 10; round += 1) {
      const [[left], [right]] = [await chainOf(world, 1), await chainOf(world, 1)]
      const answers = await Promise.all([
        ask({ method: 'PATCH', url: `/distributors/${left}`, payload: { parent_id: right } }),
        ask({ method: 'PATCH', url: `/distributors/${right}`, payload: { parent_id: left } }),
      ])
      expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]))
    }
  }))

test('a code names one distributor, a parent must exist, and a change must change something', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const payload = { code: unique('D'), name: 'first' }
    expect((await ask({ method: 'POST', url: '/distributors', payload })).status).toBe(201)
    expect(codeOf(await ask({ method: 'POST', url: '/distributors', payload }))).toBe('CODE_TAKEN')
    const orphan = { code: unique('D'), name: 'orphan', parent_id: 999_999 }
    expect(await ask({ method: 'POST', url: '/distributors', payload: orphan })).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_REFERENCE', errors: [{ field: 'parent_id' }] },
    })
    const [id] = await chainOf(world, 1)
    const nothing = await ask({ method: 'PATCH', url: `/distributors/${id}`, payload: {} })
    expect(nothing.status).toBe(400)
    const gone = { name: 'nobody' }
    const unknown = await ask({ method: 'PATCH', url: '/distributors/999999', payload: gone })
    expect(unknown.status).toBe(404)
  }))

test('a distributor added twice with one key is one distributor', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const add = {
      method: 'POST' as const,
      url: '/distributors',
      payload: { code: unique('D'), name: 'once' },
      headers: { 'idempotency-key': unique('key') },
    }
    const first = await ask(add)
    expect(first.status).toBe(201)
    expect(await ask(add)).toMatchObject({ status: 201, body: first.body })
  }))
