/** What lies in the demo's warehouses on its first day: plenty of most things, too little of some that sell. */
import type postgres from 'postgres'

const PIECES_MIN = 120
const PIECES_SPREAD = 360
const LEAD_DAYS_MIN = 3
const LEAD_DAYS_SPREAD = 12
const REORDER_SHARE = 4

/**
 * Every product on every shelf, through the same receipt as any delivery, at what it cost in history. Of every
 * three that sold here in the last two weeks one is left with less than it needs, so that there is something to
 * reorder on the first screen. Done twice, it does nothing.
 */
export async function openShelves(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`
      update sku
      set lead_time_days = ${LEAD_DAYS_MIN} + abs(hashtext(code)) % ${LEAD_DAYS_SPREAD},
          reorder_point = (${PIECES_MIN} + abs(hashtext(code)) % ${PIECES_SPREAD}) / ${REORDER_SHARE}
      where reorder_point is null and not is_service
    `
    await transaction`
      with cost as (
        select sku_id, sum(cost_cents)::numeric / sum(quantity) as piece_cents
        from order_line
        where cost_cents is not null
        group by sku_id
      ),
      recent as (
        select sku_id, warehouse_id, -sum(on_hand_delta) as pieces
        from stock_move
        where kind = 'issue' and at > now() - interval '14 days'
        group by sku_id, warehouse_id
      ),
      shelf as (
        select sku.id as sku_id, warehouse.id as warehouse_id, cost.piece_cents,
          case
            when recent.pieces is not null and abs(hashtext(sku.code || warehouse.code)) % 3 = 0
              then recent.pieces * (abs(hashtext(warehouse.code || sku.code)) % 5) / 4
            else ${PIECES_MIN} + abs(hashtext(sku.code || warehouse.code)) % ${PIECES_SPREAD}
          end as pieces
        from sku
        cross join warehouse
        join cost on cost.sku_id = sku.id
        left join recent on recent.sku_id = sku.id and recent.warehouse_id = warehouse.id
        where not sku.is_service
          and not exists (
            select from stock_move
            where sku_id = sku.id and warehouse_id = warehouse.id and kind = 'opening'
          )
      )
      select receive_stocks(array_agg(sku_id), array_agg(warehouse_id), array_agg(pieces::bigint),
        array_agg(round(piece_cents * pieces)::bigint), 'opening', now())
      from shelf
      where pieces > 0
    `
  })
}
