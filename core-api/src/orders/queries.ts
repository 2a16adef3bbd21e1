import type { Queryable } from '../lib/postgres.ts'
import type { PricedLine, PricedOrder } from './pricing.ts'
import type {
  Availability,
  OrderHeader,
  OrderLine,
  PayOrder,
  PricedSku,
  Seller,
  State,
} from './schema.ts'

type Demand = { sku_id: number; quantity: number }

export async function findCustomerSeller(sql: Queryable, customerId: number) {
  const [row] = await sql<[{ distributor_id: number | null }?]>`
    select distributor_id
    from customer
    where id = ${customerId}
  `
  return row
}

/** Who is named sells; else who the customer belongs to; else whose link brought the visit. */
export async function findSeller(
  sql: Queryable,
  distributorId: number | null,
  customerId: number | null,
  visitId: string | null,
) {
  const [row] = await sql<[Seller?]>`
    select id, status, ancestor_ids(path) as ancestor_ids
    from distributor
    where id = coalesce(
      ${distributorId}::bigint,
      (select distributor_id from customer where customer.id = ${customerId}::bigint),
      (select distributor_id from funnel_event where visit_id = ${visitId}::text and step = 'visit')
    )
  `
  return row
}

/** In the order of the lines; a sku that does not exist is not among them. */
export async function listPricedSkus(sql: Queryable, lines: Demand[]) {
  return sql<PricedSku[]>`
    select sku.id as sku_id, sku.code as sku, is_service, product.status = 'active' as is_sold,
      tier.price_cents
    from unnest(${lines.map((line) => line.sku_id)}::bigint[], ${lines.map((line) => line.quantity)}::bigint[])
      with ordinality as line (sku_id, quantity, line_no)
    join sku on sku.id = line.sku_id
    join product on product.id = sku.product_id
    left join lateral (
      select price_cents
      from price
      where price.sku_id = sku.id and list = 'retail' and min_quantity <= line.quantity and valid @> now()
      order by min_quantity desc
      limit 1
    ) as tier on true
    order by line_no
  `
}

/** Every candidate warehouse with what it has of each wanted sku; services need none. */
export async function listAvailability(
  sql: Queryable,
  demand: Demand[],
  warehouseId: number | null,
) {
  return sql<Availability[]>`
    select warehouse.id as warehouse_id, wanted.sku_id, wanted.sku, wanted.quantity as wanted,
      coalesce(stock_level.on_hand - stock_level.reserved, 0) as available
    from warehouse
    left join (
      select sku.id as sku_id, sku.code as sku, demand.quantity
      from unnest(${demand.map((line) => line.sku_id)}::bigint[], ${demand.map((line) => line.quantity)}::bigint[])
        as demand (sku_id, quantity)
      join sku on sku.id = demand.sku_id and not is_service
    ) as wanted on true
    left join stock_level
      on stock_level.sku_id = wanted.sku_id and stock_level.warehouse_id = warehouse.id
    where ${warehouseId}::bigint is null or warehouse.id = ${warehouseId}::bigint
    order by warehouse.priority, warehouse.id, wanted.sku_id
  `
}

export async function insertOrder(
  sql: Queryable,
  order: Omit<PricedOrder, 'lines'> & {
    order_no_suffix: string
    channel_id: number
    external_id: string | null
    distributor_id: number | null
    ancestor_ids: number[]
    customer_id: number | null
    warehouse_id: number
    visit_id: string | null
  },
) {
  const [row] = await sql<[{ id: number }]>`
    insert into sales_order (order_no, channel_id, external_id, distributor_id, ancestor_ids, customer_id,
      warehouse_id, visit_id, list_cents, discount_cents, shipping_cents, total_cents, placed_at)
    values ('S' || to_char(business_day(now()), 'YYMMDD') || ${order.order_no_suffix},
      ${order.channel_id}, ${order.external_id}, ${order.distributor_id}, ${order.ancestor_ids}::bigint[],
      ${order.customer_id}, ${order.warehouse_id}, ${order.visit_id}, ${order.list_cents.toString()},
      ${order.discount_cents.toString()}, ${order.shipping_cents.toString()},
      ${order.total_cents.toString()}, now())
    returning id
  `
  return row.id
}

export async function insertLines(sql: Queryable, orderId: number, lines: PricedLine[]) {
  const cents = (of: (line: PricedLine) => bigint) => lines.map((line) => of(line).toString())
  await sql`
    insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents,
      discount_cents, total_cents)
    select ${orderId}::bigint, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents,
      total_cents
    from unnest(
      ${lines.map((line) => line.sku_id)}::bigint[],
      ${lines.map((line) => line.quantity)}::bigint[],
      ${cents((line) => line.unit_price_cents)}::bigint[],
      ${cents((line) => line.list_cents)}::bigint[],
      ${cents((line) => line.discount_cents)}::bigint[],
      ${cents((line) => line.total_cents)}::bigint[]
    ) with ordinality as line (sku_id, quantity, unit_price_cents, list_cents, discount_cents, total_cents, line_no)
  `
}

export async function attributeLines(sql: Queryable, orderId: number) {
  await sql`select attribute_lines(array[${orderId}]::bigint[])`
}

export async function findOrder(sql: Queryable, id: number) {
  const [row] = await sql<[OrderHeader?]>`
    select id, order_no, kind, state, source, channel_id, external_id, distributor_id, ancestor_ids,
      customer_id, warehouse_id, visit_id, list_cents, discount_cents, shipping_cents, total_cents,
      placed_at, paid_at, shipped_at, completed_at, cancelled_at
    from sales_order
    where id = ${id}
  `
  return row
}

/** Whoever may not see costs has no right to the column either, so it is not even named. */
export async function listLines(sql: Queryable, orderId: number, withCost: boolean) {
  return sql<OrderLine[]>`
    select id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents, total_cents,
      ${withCost ? sql`cost_cents` : sql`null::bigint as cost_cents`}
    from order_line
    where order_id = ${orderId}
    order by line_no
  `
}

/** Newest first; `after` is the last id of the page before, 0 for the first page. */
export async function listOrders(
  sql: Queryable,
  { state, after, limit }: { state: State | null; after: number; limit: number },
) {
  return sql<OrderHeader[]>`
    select id, order_no, kind, state, source, channel_id, external_id, distributor_id, ancestor_ids,
      customer_id, warehouse_id, visit_id, list_cents, discount_cents, shipping_cents, total_cents,
      placed_at, paid_at, shipped_at, completed_at, cancelled_at
    from sales_order
    where (${after}::bigint = 0 or id < ${after}::bigint)
      and (${state}::text is null or state = ${state}::text)
    order by id desc
    limit ${limit}
  `
}

export async function insertPayment(
  sql: Queryable,
  { orderId, kind, payment }: { orderId: number; kind: 'pay' | 'refund'; payment: PayOrder },
) {
  await sql`
    insert into payment (order_id, kind, out_no, channel_txn, method, amount_cents, at)
    select id, ${kind}, ${kind === 'pay' ? 'P' : 'R'} || order_no, ${payment.channel_txn ?? null},
      ${payment.method ?? 'manual'}, total_cents, coalesce(cancelled_at, paid_at)
    from sales_order
    where id = ${orderId}
  `
}

export async function hasPayment(sql: Queryable, orderId: number, channelTxn: string) {
  const rows = await sql`
    select 1
    from payment
    where order_id = ${orderId} and kind = 'pay' and channel_txn = ${channelTxn}
  `
  return rows.length > 0
}
