import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { withApp, type World } from '../../test/app.ts'
import { evaluateSignals } from './evaluator.ts'
import { Alerts } from './schema.ts'

type Shelf = { id: number; product_id: number; warehouse_id: number }

async function move({ database }: World, shelf: Shelf, kind: string, ago: string, pieces: number) {
  await database.owner`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    values (now() - ${ago}::interval, business_day(now() - ${ago}::interval), ${kind}, ${shelf.id}, ${shelf.product_id},
      ${shelf.warehouse_id}, ${pieces})
  `
}

async function levelsOf(world: World, { id }: Shelf) {
  while ((await evaluateSignals(world.database.core)) > 0);
  const ask = await world.as('warehouse')
  const { body } = await ask({ method: 'GET', url: '/alerts?state=open' })
  return Value.Parse(Alerts, body).items.find(({ shelf }) => shelf?.sku_id === id)?.shelf?.levels
}

test('a shelf has levels from its first move on, and all fourteen days when that is long ago', () =>
  withApp(async (world) => {
    const young = await world.given.sku({ in_stock: 0 })
    await move(world, young, 'purchase', '5 days 1 hour', 150)
    await move(world, young, 'issue', '3 days', -140)
    expect(await levelsOf(world, young)).toEqual([150, 150, 10, 10, 10, 10])

    const old = await world.given.sku({ in_stock: 0 })
    await move(world, old, 'purchase', '40 days', 150)
    await move(world, old, 'issue', '3 days', -140)
    expect(await levelsOf(world, old)).toEqual([
      ...Array.from({ length: 11 }, () => 150),
      ...[10, 10, 10, 10],
    ])
  }))

test('what history brought and took says nothing of the level before the opening count', () =>
  withApp(async (world) => {
    const shelf = await world.given.sku({ in_stock: 0 })
    for (const ago of ['30 days', '4 days']) {
      await move(world, shelf, 'purchase', ago, 140)
      await move(world, shelf, 'issue', ago, -140)
    }
    await move(world, shelf, 'opening', '1 day 1 hour', 12)
    expect(await levelsOf(world, shelf)).toEqual([12, 12])
  }))

test('a shelf that is counted now has the level of now and no other', () =>
  withApp(async (world) => {
    const shelf = await world.given.sku({ in_stock: 150 })
    await move(world, shelf, 'issue', '3 days', -140)
    expect(await levelsOf(world, shelf)).toEqual([10])
  }))
