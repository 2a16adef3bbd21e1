// The universal journal: money is the sum of amount_cents by account. Debits are positive, so income is negated.
// Cent sums are Int64; quotients go through Decimal256, because a division of integers in ClickHouse is a float.
cube(`journal`, {
  sql: `
    select id, at_second, business_day, kind, account, amount_cents, quantity, order_id, sku_id, product_id,
      channel_id, distributor_id, customer_id
    from journal_entry
    where account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee')
      and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,

  joins: {
    current_channels: {
      relationship: `many_to_one`,
      sql: `${CUBE}.channel_id = ${current_channels}.id`,
    },
    current_distributors: {
      relationship: `many_to_one`,
      sql: `${CUBE}.distributor_id = ${current_distributors}.id`,
    },
    current_customers: {
      relationship: `many_to_one`,
      sql: `${CUBE}.customer_id = ${current_customers}.id`,
    },
    current_products: {
      relationship: `many_to_one`,
      sql: `${CUBE}.product_id = ${current_products}.id`,
    },
    current_skus: { relationship: `many_to_one`, sql: `${CUBE}.sku_id = ${current_skus}.id` },
  },

  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      title: `Time`,
      description: `When it was posted: revenue at payment, cost at shipping, refunds when the money goes back.`,
      meta: {
        title_zh: `时间`,
        description_zh: `入账时间：收入按付款，成本按发货，退款按退回时间。`,
      },
    },
    business_day: {
      sql: `${CUBE}.business_day`,
      type: `string`,
      title: `Business day`,
      description: `The calendar day in the instance's time zone.`,
      meta: { title_zh: `营业日`, description_zh: `按本实例时区计算的日期。` },
    },
    distributor_id: {
      sql: `toString(${CUBE}.distributor_id)`,
      type: `string`,
      title: `Distributor id`,
      description: `The distributor who made the sale.`,
      meta: { title_zh: `分销商编号`, description_zh: `成交的分销商。` },
    },
    product_id: {
      sql: `toString(${CUBE}.product_id)`,
      type: `string`,
      title: `Product id`,
      description: `Empty on amounts of a whole order: shipping and channel fees.`,
      meta: { title_zh: `商品编号`, description_zh: `整单金额（运费、渠道费）没有商品。` },
    },
    sku_id: {
      sql: `toString(${CUBE}.sku_id)`,
      type: `string`,
      title: `SKU id`,
      description: `Empty on amounts of a whole order: shipping and channel fees.`,
      meta: { title_zh: `SKU 编号`, description_zh: `整单金额（运费、渠道费）没有 SKU。` },
    },
  },

  measures: {
    revenue_cents: {
      sql: `if(account in ('sales', 'shipping_income', 'discount', 'refund'), -amount_cents, 0)`,
      type: `sum`,
      title: `Revenue`,
      description: `Gross sales less discounts and refunds, recognised at payment.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        title_zh: `收入`,
        description_zh: `销售总额减折扣和退款，付款时确认。`,
      },
    },
    gross_sales_cents: {
      sql: `if(account in ('sales', 'shipping_income'), -amount_cents, 0)`,
      type: `sum`,
      title: `Gross sales`,
      description: `Goods at list price and shipping charged, before discounts and refunds.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        title_zh: `销售总额`,
        description_zh: `商品原价加运费，未减折扣和退款。`,
      },
    },
    shipping_cents: {
      sql: `if(account = 'shipping_income', -amount_cents, 0)`,
      type: `sum`,
      title: `Shipping charged`,
      description: `Shipping that customers paid; part of gross sales.`,
      meta: {
        unit: `cents`,
        good: `none`,
        additive: true,
        title_zh: `运费收入`,
        description_zh: `顾客支付的运费，含在销售总额中。`,
      },
    },
    discount_cents: {
      sql: `if(account = 'discount', amount_cents, 0)`,
      type: `sum`,
      title: `Discounts`,
      description: `What was taken off list prices.`,
      meta: {
        unit: `cents`,
        good: `down`,
        additive: true,
        title_zh: `折扣`,
        description_zh: `从原价中减去的金额。`,
      },
    },
    refund_cents: {
      sql: `if(account = 'refund', amount_cents, 0)`,
      type: `sum`,
      title: `Refunds`,
      description: `Money given back for cancelled and returned orders, on the day it went back.`,
      meta: {
        unit: `cents`,
        good: `down`,
        additive: true,
        title_zh: `退款`,
        description_zh: `取消和退货退回的金额，按退回当天计。`,
      },
    },
    order_count: {
      sql: `uniqExactIf(order_id, account = 'sales')`,
      type: `number`,
      title: `Orders`,
      description: `Distinct orders that were paid. An order with several products counts once in each of them.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        additive_except: [`product_id`, `product`, `category`, `sku_id`, `sku`],
        title_zh: `订单数`,
        description_zh: `已付款的订单数（去重）。含多个商品的订单在每个商品下各计一次。`,
      },
    },
    average_order_cents: {
      sql: `if(${order_count} = 0, null, toInt64(round(divideDecimal(toDecimal256(${revenue_cents}, 0), toDecimal256(greatest(${order_count}, 1), 0), 6), 0)))`,
      type: `number`,
      title: `Average order`,
      description: `Revenue divided by paid orders, rounded half up to a cent.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: false,
        title_zh: `客单价`,
        description_zh: `收入除以已付款订单数，四舍五入到分。`,
      },
    },
    units: {
      sql: `quantity`,
      type: `sum`,
      title: `Units sold`,
      description: `Pieces sold less pieces of refunded lines.`,
      meta: {
        unit: `units`,
        good: `up`,
        additive: true,
        title_zh: `销量`,
        description_zh: `售出件数减去退款件数。`,
      },
    },
    cogs_cents: {
      sql: `if(account = 'cogs', amount_cents, 0)`,
      type: `sum`,
      title: `Cost of goods`,
      description: `What the goods that were shipped had cost, less goods that came back.`,
      meta: {
        unit: `cents`,
        good: `down`,
        additive: true,
        title_zh: `销售成本`,
        description_zh: `已发出商品的成本，减去退回的商品。`,
      },
    },
    gross_profit_cents: {
      sql: `if(account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs'), -amount_cents, 0)`,
      type: `sum`,
      title: `Gross profit`,
      description: `Revenue less cost of goods.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        title_zh: `毛利`,
        description_zh: `收入减销售成本。`,
      },
    },
    commission_cents: {
      sql: `if(account = 'commission', amount_cents, 0)`,
      type: `sum`,
      title: `Commissions`,
      description: `Earned by distributors on paid orders, less clawbacks.`,
      meta: {
        unit: `cents`,
        good: `down`,
        additive: true,
        title_zh: `佣金`,
        description_zh: `分销商在已付款订单上的佣金，减去追回。`,
      },
    },
    fee_cents: {
      sql: `if(account = 'fee', amount_cents, 0)`,
      type: `sum`,
      title: `Channel fees`,
      description: `What platforms and payment providers keep.`,
      meta: {
        unit: `cents`,
        good: `down`,
        additive: true,
        title_zh: `渠道费`,
        description_zh: `平台和支付渠道收取的费用。`,
      },
    },
    net_profit_cents: {
      sql: `if(account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee'), -amount_cents, 0)`,
      type: `sum`,
      title: `Net profit`,
      description: `Gross profit less commissions and channel fees.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        title_zh: `净利`,
        description_zh: `毛利减佣金和渠道费。`,
      },
    },
    gross_margin: {
      sql: `if(${revenue_cents} <= 0, null, round(divideDecimal(toDecimal256(${gross_profit_cents}, 0), toDecimal256(greatest(${revenue_cents}, 1), 0), 12), 6))`,
      type: `number`,
      title: `Gross margin`,
      description: `Gross profit divided by revenue; empty without revenue.`,
      meta: {
        unit: `ratio`,
        good: `up`,
        additive: false,
        title_zh: `毛利率`,
        description_zh: `毛利除以收入；没有收入时为空。`,
      },
    },
    net_margin: {
      sql: `if(${revenue_cents} <= 0, null, round(divideDecimal(toDecimal256(${net_profit_cents}, 0), toDecimal256(greatest(${revenue_cents}, 1), 0), 12), 6))`,
      type: `number`,
      title: `Net margin`,
      description: `Net profit divided by revenue; empty without revenue.`,
      meta: {
        unit: `ratio`,
        good: `up`,
        additive: false,
        title_zh: `净利率`,
        description_zh: `净利除以收入；没有收入时为空。`,
      },
    },
  },
})
