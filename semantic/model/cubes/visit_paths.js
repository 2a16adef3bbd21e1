// Visits followed to their end: each is counted where it began, with the furthest step it has come to since. So every
// step is a part of the one before it, and no rate is over 1. Steps are read from the first such visit on, and a day
// before it, because clocks of shops differ.
import { amount, figure, group, ORDER, ratio } from './words'

cube(`visit_paths`, {
  sql: `
    select visit_id, minIf(at_second, step = 'visit') as begun_at, anyIf(business_day, step = 'visit') as begun_on,
      anyIf(channel_id, step = 'visit') as channel_id, anyIf(distributor_id, step = 'visit') as distributor_id,
      anyIf(promo_code, step = 'visit') as promo_code, any(order_id) as order_id,
      max(indexOf(['visit', 'view', 'cart', 'order', 'paid'], step)) as furthest
    from funnel_event
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
      and at_second >= (
        select min(at_second) from funnel_event where step = 'visit' and ${FILTER_PARAMS.visit_paths.at.filter(`at_second`)}
      ) - interval 1 day
    group by visit_id
    having countIf(step = 'visit') > 0
  `,
  public: false,

  joins: {
    channel: { relationship: `many_to_one`, sql: `${CUBE}.channel_id = ${channel}.id` },
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.distributor_id = ${distributor}.id` },
  },

  dimensions: {
    visit_id: { sql: `visit_id`, type: `string`, primary_key: true },
    at: {
      sql: `${CUBE}.begun_at`,
      type: `time`,
      ...group([`Time`, `When the visit began.`], [`时间`, `访问开始的时间。`]),
    },
    business_day: {
      sql: `${CUBE}.begun_on`,
      type: `string`,
      ...group(
        [`Business day`, `The day on which the visit began, in the instance's time zone.`],
        [`营业日`, `访问开始的日期，按本实例时区计算。`],
      ),
    },
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
    furthest_step: {
      sql: `arrayElement(['visit', 'view', 'cart', 'order', 'paid'], ${CUBE}.furthest)`,
      type: `string`,
      ...group(
        [`Furthest step`, `How far the visit has come, to this day.`],
        [`最远步骤`, `访问至今到达的最远步骤。`],
        {
          visit: { en: `Visit`, zh: `访问` },
          view: { en: `Product view`, zh: `浏览` },
          cart: { en: `Cart`, zh: `加购` },
          order: { en: `Order`, zh: `下单` },
          paid: { en: `Paid`, zh: `付款` },
        },
      ),
    },
  },

  measures: {
    visits: {
      sql: `count()`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Visits`, `Visits that began in the period.`],
        [`访问`, `本期开始的访问数。`],
      ),
    },
    viewed: {
      sql: `countIf(furthest >= 2)`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Viewed`, `Of these visits, those that looked at a product or went further, to this day.`],
        [`浏览`, `其中至今看过商品或走得更远的访问数。`],
      ),
    },
    carted: {
      sql: `countIf(furthest >= 3)`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Carted`, `Of these visits, those that filled a cart or went further, to this day.`],
        [`加购`, `其中至今加购或走得更远的访问数。`],
      ),
    },
    ordered: {
      sql: `countIf(furthest >= 4)`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Ordered`, `Of these visits, those that placed an order, to this day.`],
        [`下单`, `其中至今下单的访问数。`],
      ),
    },
    paid: {
      sql: `countIf(furthest >= 5)`,
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Paid`, `Of these visits, those whose order was paid, to this day.`],
        [`付款`, `其中至今付款的访问数。`],
      ),
    },
    view_rate: {
      sql: ratio(viewed, visits),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `View rate`,
          `Viewed divided by visits, of the visits that began in the period; empty without a denominator.`,
        ],
        [`浏览率`, `浏览数除以访问数，只计本期开始的访问；分母为零时为空。`],
      ),
    },
    cart_rate: {
      sql: ratio(carted, viewed),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Cart rate`,
          `Carted divided by viewed, of the visits that began in the period; empty without a denominator.`,
        ],
        [`加购率`, `加购数除以浏览数，只计本期开始的访问；分母为零时为空。`],
      ),
    },
    order_rate: {
      sql: ratio(ordered, carted),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Order rate`,
          `Ordered divided by carted, of the visits that began in the period; empty without a denominator.`,
        ],
        [`下单率`, `下单数除以加购数，只计本期开始的访问；分母为零时为空。`],
      ),
    },
    payment_rate: {
      sql: ratio(paid, ordered),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Payment rate`,
          `Paid divided by ordered, of the visits that began in the period; empty without a denominator.`,
        ],
        [`付款率`, `付款数除以下单数，只计本期开始的访问；分母为零时为空。`],
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
          `Paid divided by visits, of the visits that began in the period; empty without a denominator.`,
        ],
        [`转化率`, `付款数除以访问数，只计本期开始的访问；分母为零时为空。`],
      ),
    },
  },
})
