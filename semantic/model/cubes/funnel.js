// Steps of visits. A visit passes each step once, so counting rows of a step counts visits that reached it.
cube(`funnel`, {
  sql: `
    select id, at_second, business_day, step, channel_id, distributor_id, promo_code
    from funnel_event
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,

  joins: {
    channel: { relationship: `many_to_one`, sql: `${CUBE}.channel_id = ${channel}.id` },
  },

  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      title: `Time`,
      description: `When the step was reached.`,
      meta: { title_zh: `时间`, description_zh: `到达该步骤的时间。` },
    },
    business_day: {
      sql: `${CUBE}.business_day`,
      type: `string`,
      title: `Business day`,
      description: `The calendar day in the instance's time zone.`,
      meta: { title_zh: `营业日`, description_zh: `按本实例时区计算的日期。` },
    },
    distributor_id: {
      sql: `${CUBE}.distributor_id`,
      type: `string`,
      title: `Distributor id`,
      description: `Whose link the visit came by.`,
      meta: { title_zh: `分销商编号`, description_zh: `访问来自谁的链接。` },
    },
    promo_code: {
      sql: `${CUBE}.promo_code`,
      type: `string`,
      title: `Promotion code`,
      description: `The code of the link the visit came by.`,
      meta: { title_zh: `推广码`, description_zh: `访问所用链接的推广码。` },
    },
  },

  measures: {
    visits: {
      sql: `countIf(step = 'visit')`,
      type: `number`,
      title: `Visits`,
      description: `Visits that began.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        title_zh: `访问`,
        description_zh: `开始的访问数。`,
      },
    },
    views: {
      sql: `countIf(step = 'view')`,
      type: `number`,
      title: `Product views`,
      description: `Visits that looked at a product.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        title_zh: `浏览`,
        description_zh: `看过商品的访问数。`,
      },
    },
    carts: {
      sql: `countIf(step = 'cart')`,
      type: `number`,
      title: `Carts`,
      description: `Visits that put something into the cart.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        title_zh: `加购`,
        description_zh: `加入购物车的访问数。`,
      },
    },
    orders: {
      sql: `countIf(step = 'order')`,
      type: `number`,
      title: `Orders placed`,
      description: `Visits that placed an order.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        title_zh: `下单`,
        description_zh: `下单的访问数。`,
      },
    },
    paid: {
      sql: `countIf(step = 'paid')`,
      type: `number`,
      title: `Paid`,
      description: `Visits whose order was paid.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        title_zh: `付款`,
        description_zh: `订单已付款的访问数。`,
      },
    },
    conversion_rate: {
      sql: `if(${visits} = 0, null, round(divideDecimal(toDecimal256(${paid}, 0), toDecimal256(greatest(${visits}, 1), 0), 12), 6))`,
      type: `number`,
      title: `Conversion`,
      description: `Paid divided by visits, both counted when they happened; empty without visits.`,
      meta: {
        unit: `ratio`,
        good: `up`,
        additive: false,
        title_zh: `转化率`,
        description_zh: `付款数除以访问数，各按发生时间计；没有访问时为空。`,
      },
    },
  },
})
