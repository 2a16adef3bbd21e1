/** What left a shelf, and when. */
import { evaluateSignals } from '../src/alerts/evaluator.ts'
import type { World } from './app.ts'

type Shelf = { id: number; product_id: number; warehouse_id: number }
type Sale = { hours_ago: number; quantity: number }

export async function issue({ database }: World, shelf: Shelf, sales: Sale[]) {
  const [hours, deltas] = [
    sales.map(({ hours_ago }) => hours_ago),
    sales.map(({ quantity }) => -quantity),
  ]
  await database.owner`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    select moment, business_day(moment), 'issue', ${shelf.id}, ${shelf.product_id}, ${shelf.warehouse_id}, delta
    from unnest(${hours}::bigint[], ${deltas}::bigint[]) as sale (hours, delta)
    cross join lateral (select now() - make_interval(hours => hours::integer) as moment) as at
  `
}

export async function judge({ database }: World) {
  while ((await evaluateSignals(database.core)) > 0);
}

/** The clock cannot be moved, so what was sold is: everything is so much older. */
export async function grow({ database }: World, shelf: Shelf, hours: number) {
  await database.owner.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`
    await transaction`alter table stock_move disable trigger append_only`
    await transaction`
      update stock_move set at = at - make_interval(hours => ${hours}) where sku_id = ${shelf.id}
    `
    await transaction`alter table stock_move enable always trigger append_only`
  })
}
