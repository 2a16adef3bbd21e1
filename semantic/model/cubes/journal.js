// Debits are positive, so income is negated. Every sum is of the facts themselves, so each drills to its orders.
import {
  amount,
  AT,
  BUSINESS_DAY,
  figure,
  group,
  ORDER,
  orders,
  quotient,
  ratio,
  SELLER,
} from './words'

const ONE_PRODUCT = [`product_id`, `product`, `category`, `sku_id`, `sku`, `order_line_id`]

cube(`journal`, {
  sql: `
    select id, at_second, business_day, kind, account, amount_cents, quantity, order_id, order_line_id, sku_id,
      product_id, channel_id, distributor_id, customer_id, warehouse_id
    from journal_entry
    where account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee')
      and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,
  joins: {
    channel: { relationship: `many_to_one`, sql: `${CUBE}.channel_id = ${channel}.id` },
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.distributor_id = ${distributor}.id` },
    customer: { relationship: `many_to_one`, sql: `${CUBE}.customer_id = ${customer}.id` },
    product: { relationship: `many_to_one`, sql: `${CUBE}.product_id = ${product}.id` },
    sku: { relationship: `many_to_one`, sql: `${CUBE}.sku_id = ${sku}.id` },
    warehouse: { relationship: `many_to_one`, sql: `${CUBE}.warehouse_id = ${warehouse}.id` },
  },
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    at: { sql: `${CUBE}.at_second`, type: `time`, ...AT },
    business_day: { sql: `${CUBE}.business_day`, type: `string`, ...BUSINESS_DAY },
    distributor_id: { sql: `${CUBE}.distributor_id`, type: `string`, ...SELLER },
    order_id: { sql: `${CUBE}.order_id`, type: `string`, ...ORDER },
    customer_id: {
      sql: `${CUBE}.customer_id`,
      type: `string`,
      ...group(
        [`Customer id`, `Who bought; empty where nobody gave a name.`],
        [`客户编号`, `购买的客户；没有留名的为空。`],
      ),
    },
    order_line_id: {
      sql: `${CUBE}.order_line_id`,
      type: `string`,
      ...group(
        [`Order line id`, `The line of the order; empty for shipping and fees of the whole order.`],
        [`订单行编号`, `所属订单行；整单的运费和渠道费为空。`],
      ),
    },
    product_id: {
      sql: `${CUBE}.product_id`,
      type: `string`,
      ...group(
        [`Product id`, `The product; empty for shipping and fees of the whole order.`],
        [`商品编号`, `商品；整单的运费和渠道费为空。`],
      ),
    },
    sku_id: {
      sql: `${CUBE}.sku_id`,
      type: `string`,
      ...group(
        [`SKU id`, `What is kept in stock; empty for shipping and fees of the whole order.`],
        [`SKU 编号`, `库存单位；整单的运费和渠道费为空。`],
      ),
    },
  },
  measures: {
    revenue_cents: {
      sql: `if(account in ('sales', 'shipping_income', 'discount', 'refund'), -amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `up`,
        [`Revenue`, `Gross sales less discounts and refunds, recognised at payment.`],
        [`收入`, `销售总额减折扣和退款，付款时确认。`],
      ),
    },
    gross_sales_cents: {
      sql: `if(account in ('sales', 'shipping_income'), -amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `up`,
        [`Gross sales`, `Goods at list price and shipping charged, before discounts and refunds.`],
        [`销售总额`, `商品原价加运费，未减折扣和退款。`],
      ),
    },
    shipping_cents: {
      sql: `if(account = 'shipping_income', -amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id],
      ...amount(
        `cents`,
        `none`,
        [`Shipping charged`, `Shipping that customers paid; part of gross sales.`],
        [`运费收入`, `顾客支付的运费，含在销售总额中。`],
      ),
    },
    discount_cents: {
      sql: `if(account = 'discount', amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `down`,
        [`Discounts`, `What was taken off list prices.`],
        [`折扣`, `从原价中减去的金额。`],
      ),
    },
    refund_cents: {
      sql: `if(account = 'refund', amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `down`,
        [`Refunds`, `Money given back for cancelled and returned orders, on the day it went back.`],
        [`退款`, `取消和退货退回的金额，按退回当天计。`],
      ),
    },
    discount_rate: {
      sql: ratio(discount_cents, gross_sales_cents),
      type: `number`,
      drill_members: [order_id, order_line_id, sku_id],
      ...figure(
        `ratio`,
        `down`,
        [`Discount rate`, `Discounts divided by gross sales; empty without gross sales.`],
        [`折扣率`, `折扣除以销售总额；没有销售时为空。`],
      ),
    },
    refund_rate: {
      sql: ratio(refund_cents, `(${gross_sales_cents} - ${discount_cents})`),
      type: `number`,
      drill_members: [order_id, order_line_id, sku_id],
      ...figure(
        `ratio`,
        `down`,
        [
          `Refund rate`,
          `Refunds divided by gross sales less discounts, both of the period; a refund counts when the money goes back, so a quiet day after a busy one can be over 1.`,
        ],
        [`退款率`, `本期退款除以本期销售总额减折扣；退款按退回时间计，淡日可能大于 1。`],
      ),
    },
    order_count: {
      sql: orders(`account = 'sales'`),
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [
          `Orders`,
          `Distinct orders that were paid. An order with several products counts once in each of them.`,
        ],
        [`订单数`, `已付款的订单数（去重）。含多个商品的订单在每个商品下各计一次。`],
        ONE_PRODUCT,
      ),
    },
    refunded_order_count: {
      sql: orders(`account = 'refund'`),
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `down`,
        [
          `Refunded orders`,
          `Distinct orders of which money went back. Not additive over time where one order is refunded twice.`,
        ],
        [`退款订单数`, `有退款的订单数（去重）。同一订单多次退款时，跨时间不可相加。`],
        [...ONE_PRODUCT, `at`, `business_day`],
      ),
    },
    average_order_cents: {
      sql: `toInt64(${quotient(revenue_cents, order_count, 0)})`,
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `cents`,
        `up`,
        [`Average order`, `Revenue divided by paid orders, rounded half up to a cent.`],
        [`客单价`, `收入除以已付款订单数，四舍五入到分。`],
      ),
    },
    units: {
      sql: `quantity`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `units`,
        `up`,
        [`Units sold`, `Pieces sold less pieces of refunded lines.`],
        [`销量`, `售出件数减去退款件数。`],
      ),
    },
    refunded_units: {
      sql: `if(account = 'refund', -quantity, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `units`,
        `down`,
        [`Units refunded`, `Pieces of refunded lines.`],
        [`退款件数`, `退款订单行的件数。`],
      ),
    },
  },
})
