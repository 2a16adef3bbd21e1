/** What must hold of goods on their way and of alerts: the part of the core's checks that is about operations. */
import type { CoreCheck } from './core-checks.ts'

export const OPERATION_CHECKS: CoreCheck[] = [
  {
    name: 'transit_is_open_transfers',
    promise:
      'what is in transit to a shelf is what was shipped there and neither arrived nor was lost',
    query: `
      select format('sku %s to warehouse %s', sku_id, warehouse_id) as key,
        format('level %s, transfers %s', coalesce(level.in_transit, 0), coalesce(open.quantity, 0)) as detail
      from (select sku_id, warehouse_id, in_transit from stock_level where in_transit <> 0) as level
      full join (
        select sku_id, to_warehouse_id as warehouse_id, sum(quantity - received_quantity - lost_quantity) as quantity
        from stock_transfer
        where state = 'shipped'
        group by sku_id, to_warehouse_id
      ) as open using (sku_id, warehouse_id)
      where coalesce(level.in_transit, 0) <> coalesce(open.quantity, 0)`,
  },
  {
    name: 'transit_is_worth_its_transfers',
    promise: 'the account of goods in transit is worth what is on its way, by sku and warehouse',
    query: `
      select format('sku %s to warehouse %s', sku_id, warehouse_id) as key,
        format('journal %s, transfers %s', coalesce(journal.cents, 0), coalesce(open.cents, 0)) as detail
      from (
        select sku_id, warehouse_id, sum(amount_cents) as cents
        from journal_entry
        where account = 'goods_in_transit'
        group by sku_id, warehouse_id
      ) as journal
      full join (
        select sku_id, to_warehouse_id as warehouse_id, sum(cost_cents - received_cost_cents - lost_cost_cents) as cents
        from stock_transfer
        group by sku_id, to_warehouse_id
      ) as open using (sku_id, warehouse_id)
      where coalesce(journal.cents, 0) <> coalesce(open.cents, 0)`,
  },
  {
    name: 'transfer_is_its_moves',
    promise: 'a transfer says what its moves say: reserved, left, arrived and lost',
    query: `
      select transfer.id::text as key, format('%s: %s of %s arrived, %s lost; moves %s', transfer.state,
        transfer.received_quantity, transfer.quantity, transfer.lost_quantity, moved) as detail
      from stock_transfer as transfer
      cross join lateral (
        select array[
            coalesce(sum(reserved_delta), 0),
            coalesce(-sum(on_hand_delta) filter (where kind = 'transfer_out'), 0),
            coalesce(sum(on_hand_delta) filter (where kind = 'transfer_in'), 0),
            coalesce(-sum(in_transit_delta) filter (where kind = 'transfer_loss'), 0)
          ]::bigint[] as moved
        from stock_move
        where transfer_id = transfer.id
      ) as moves
      where moved <> array[
        case transfer.state when 'requested' then transfer.quantity else 0 end,
        case when transfer.shipped_at is null then 0 else transfer.quantity end,
        transfer.received_quantity,
        transfer.lost_quantity
      ]`,
  },
  {
    name: 'purchase_is_its_receipts',
    promise:
      'what a purchase has received is what its receipts put on the shelf, at what they cost',
    query: `
      select purchase.id::text as key, format('%s for %s, receipts %s for %s, moves %s for %s', purchase.received_quantity,
        purchase.received_cost_cents, receipts.quantity, receipts.cents, receipts.moved, receipts.moved_cents) as detail
      from purchase_request as purchase
      cross join lateral (
        select coalesce(sum(receipt.quantity), 0) as quantity, coalesce(sum(receipt.cost_cents), 0) as cents,
          coalesce(sum(move.on_hand_delta), 0) as moved, coalesce(sum(move.value_delta_cents), 0) as moved_cents
        from purchase_receipt as receipt
        join stock_move as move on move.id = receipt.move_id
        where receipt.purchase_id = purchase.id
      ) as receipts
      where (receipts.quantity, receipts.cents, receipts.moved, receipts.moved_cents) is distinct from
        (purchase.received_quantity, purchase.received_cost_cents, purchase.received_quantity, purchase.received_cost_cents)`,
  },
  {
    name: 'alert_is_its_history',
    promise: 'an alert was opened once, and is over exactly when its history says so',
    query: `
      select alert.id::text as key, format('%s opened, %s closed', events.opened, events.closed) as detail
      from alert
      cross join lateral (
        select count(*) filter (where kind = 'opened') as opened, count(*) filter (where kind = 'closed') as closed
        from alert_event
        where alert_id = alert.id
      ) as events
      where events.opened <> 1 or events.closed <> case when alert.closed_at is null then 0 else 1 end`,
  },
]
