/** What lies in the demo's warehouses on its first day: weeks of most things, too little of some that sell. */
import type postgres from 'postgres'

const LEAD_DAYS_MIN = 3
const LEAD_DAYS_SPREAD = 12
const COVER_DAYS_MIN = 24
const COVER_DAYS_SPREAD = 48
const PIECES_MIN = 6
/** Of a thousand shelves that sell, counted on: so many are empty, below half a lead time, below one, below 1.5. */
const OUT_OF_1000 = 3
const CRITICAL_OF_1000 = 8
const SOON_OF_1000 = 18
const WATCH_OF_1000 = 34

/**
 * Every product on every shelf, through the same receipt as any delivery, at what it cost in history: weeks of what
 * the last fortnight sold there, but for the few shelves per thousand that ring. Done twice, it does nothing.
 */
export async function openShelves(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`
      with sold as (
        select sku_id, -sum(on_hand_delta) as pieces
        from stock_move
        where kind = 'issue' and at > now() - interval '14 days'
        group by sku_id
      ),
      planned as (
        select sku.id, sold.pieces, ${LEAD_DAYS_MIN} + abs(hashtext(code)) % ${LEAD_DAYS_SPREAD} as lead_days
        from sku
        left join sold on sold.sku_id = sku.id
        where reorder_point is null and not is_service
      )
      update sku
      set lead_time_days = lead_days,
          reorder_point = greatest(1,
            ceil(coalesce(pieces, 0) * lead_days / 14.0 / (select count(*) from warehouse)))
      from planned
      where planned.id = sku.id
    `
    await transaction`
      with cost as (
        select sku_id, sum(cost_cents)::numeric / sum(quantity) as piece_cents
        from order_line
        where cost_cents is not null
        group by sku_id
      ),
      recent as (
        select sku_id, warehouse_id, -sum(on_hand_delta) / 14.0 as daily
        from stock_move
        where kind = 'issue' and at > now() - interval '14 days'
        group by sku_id, warehouse_id
      ),
      shelf as (
        select sku.id as sku_id, warehouse.id as warehouse_id, cost.piece_cents, sku.reorder_point,
          sku.lead_time_days as lead, coalesce(recent.daily, 0) as daily,
          case when recent.daily is null then 1000 else abs(hashtext(sku.code || warehouse.code)) % 1000 end as lot,
          abs(hashtext(warehouse.code || sku.code)) % 100 / 100.0 as chance
        from sku
        cross join warehouse
        join cost on cost.sku_id = sku.id
        left join recent on recent.sku_id = sku.id and recent.warehouse_id = warehouse.id
        where not sku.is_service
          and not exists (
            select from stock_move
            where sku_id = sku.id and warehouse_id = warehouse.id and kind = 'opening'
          )
      ),
      filled as (
        select sku_id, warehouse_id, piece_cents, case
            when lot < ${OUT_OF_1000} then 0
            when lot < ${CRITICAL_OF_1000} then ceil(daily * lead * (0.05 + 0.4 * chance))
            when lot < ${SOON_OF_1000} then ceil(daily * lead * (0.55 + 0.4 * chance))
            when lot < ${WATCH_OF_1000} then ceil(daily * lead * (1.05 + 0.4 * chance))
            else greatest(reorder_point * 2 + ${PIECES_MIN},
              ceil(daily * (${COVER_DAYS_MIN} + ${COVER_DAYS_SPREAD} * chance))) end::bigint as pieces
        from shelf
      )
      select receive_stocks(array_agg(sku_id), array_agg(warehouse_id), array_agg(pieces),
        array_agg(round(piece_cents * pieces)::bigint), 'opening', now())
      from filled
      where pieces > 0
    `
  })
}
