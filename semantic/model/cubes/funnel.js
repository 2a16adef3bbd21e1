// Steps of visits, each counted when it happened. A visit passes each step once, so counting rows of a step counts the
// visits that reached it.
import { amount, BUSINESS_DAY, figure, group, ORDER, ratio } from './words'

cube(`funnel`, {
  sql: `
    select id, at_second, business_day, step, visit_id, channel_id, distributor_id, promo_code, order_id
    from funnel_event
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,

  joins: {
    channel: { relationship: `many_to_one`, sql: `${CUBE}.channel_id = ${channel}.id` },
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.distributor_id = ${distributor}.id` },
  },

  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      ...group([`Time`, `When the step was reached.`], [`时间`, `到达该步骤的时间。`]),
    },
    business_day: { sql: `${CUBE}.business_day`, type: `string`, ...BUSINESS_DAY },
    order_id: { sql: `${CUBE}.order_id`, type: `string`, ...ORDER },
    distributor_id: {
      sql: `${CUBE}.distributor_id`,
      type: `string`,
      ...group(
        [`Distributor id`, `Whose link the visit came by.`],
        [`分销商编号`, `访问来自谁的链接。`],
      ),
    },
    promo_code: {
      sql: `${CUBE}.promo_code`,
      type: `string`,
      ...group(
        [`Promotion code`, `The code of the link the visit came by.`],
        [`推广码`, `访问所用链接的推广码。`],
      ),
    },
  },

  measures: {
    visits: {
      sql: `countIf(step = 'visit')`,
      type: `number`,
      drill_members: [order_id],
      ...amount(`count`, `up`, [`Visits`, `Visits that began.`], [`访问`, `开始的访问数。`]),
    },
    views: {
      sql: `countIf(step = 'view')`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Product views`, `Visits that looked at a product.`],
        [`浏览`, `看过商品的访问数。`],
      ),
    },
    carts: {
      sql: `countIf(step = 'cart')`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Carts`, `Visits that put something into the cart.`],
        [`加购`, `加入购物车的访问数。`],
      ),
    },
    orders: {
      sql: `countIf(step = 'order')`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Orders placed`, `Visits that placed an order.`],
        [`下单`, `下单的访问数。`],
      ),
    },
    paid: {
      sql: `countIf(step = 'paid')`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Paid`, `Visits whose order was paid.`],
        [`付款`, `订单已付款的访问数。`],
      ),
    },
    view_rate: {
      sql: ratio(views, visits),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `View rate`,
          `Product views divided by visits, both counted when they happened, so a short period can be over 1; empty without a denominator.`,
        ],
        [`浏览率`, `浏览数除以访问数，各按发生时间计，短时段可能大于 1；分母为零时为空。`],
      ),
    },
    cart_rate: {
      sql: ratio(carts, views),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Cart rate`,
          `Carts divided by product views, both counted when they happened, so a short period can be over 1; empty without a denominator.`,
        ],
        [`加购率`, `加购数除以浏览数，各按发生时间计，短时段可能大于 1；分母为零时为空。`],
      ),
    },
    order_rate: {
      sql: ratio(orders, carts),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Order rate`,
          `Orders placed divided by carts, both counted when they happened, so a short period can be over 1; empty without a denominator.`,
        ],
        [`下单率`, `下单数除以加购数，各按发生时间计，短时段可能大于 1；分母为零时为空。`],
      ),
    },
    payment_rate: {
      sql: ratio(paid, orders),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Payment rate`,
          `Paid divided by orders placed, both counted when they happened, so a short period can be over 1; empty without a denominator.`,
        ],
        [`付款率`, `付款数除以下单数，各按发生时间计，短时段可能大于 1；分母为零时为空。`],
      ),
    },
    conversion_rate: {
      sql: ratio(paid, visits),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Conversion`,
          `Paid divided by visits, both counted when they happened, so a short period can be over 1; empty without a denominator.`,
        ],
        [`转化率`, `付款数除以访问数，各按发生时间计，短时段可能大于 1；分母为零时为空。`],
      ),
    },
  },
})
