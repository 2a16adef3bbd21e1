// Each journal entry once for every node above the sale, as the tree was when the order was placed. A distributor
// sees nodes from himself down: the part of the path that starts with him.
cube(`team_sales`, {
  sql: `
    select id, at_second, business_day, account, amount_cents, order_id, distributor_id as seller_id,
      arrayJoin(arraySlice(ancestor_ids, greatest(indexOf(ancestor_ids, ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `toInt64OrZero(${scope})`)}), 1))) as node_id
    from journal_entry
    where account in ('sales', 'shipping_income', 'discount', 'refund')
      and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,

  joins: {
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.node_id = ${distributor}.id` },
  },

  dimensions: {
    id: {
      sql: `concat(toString(${CUBE}.id), '.', toString(${CUBE}.node_id))`,
      type: `string`,
      primary_key: true,
    },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      title: `Time`,
      description: `When it was posted: sales at payment, refunds when the money goes back.`,
      meta: { title_zh: `时间`, description_zh: `入账时间：销售按付款，退款按退回时间。` },
    },
    business_day: {
      sql: `${CUBE}.business_day`,
      type: `string`,
      title: `Business day`,
      description: `The calendar day in the instance's time zone.`,
      meta: { title_zh: `营业日`, description_zh: `按本实例时区计算的日期。` },
    },
    distributor_id: {
      sql: `${CUBE}.node_id`,
      type: `string`,
      title: `Distributor id`,
      description: `The head of the team.`,
      meta: { title_zh: `分销商编号`, description_zh: `团队负责人。` },
    },
  },

  measures: {
    own_revenue_cents: {
      sql: `if(${CUBE}.node_id = ${CUBE}.seller_id, -amount_cents, 0)`,
      type: `sum`,
      title: `Own revenue`,
      description: `Revenue of the distributor's own orders.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        title_zh: `本人收入`,
        description_zh: `分销商自己订单的收入。`,
      },
    },
    team_revenue_cents: {
      sql: `-amount_cents`,
      type: `sum`,
      title: `Team revenue`,
      description: `Revenue of the distributor and everyone below, by the tree at the time of the order. Teams overlap, so they do not add up.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        additive_except: [`distributor_id`, `distributor`, `depth`, `region`, `parent_id`, `grade`],
        title_zh: `团队收入`,
        description_zh: `本人及所有下级的收入，按下单时的层级。团队互相包含，不能相加。`,
      },
    },
    own_order_count: {
      sql: `groupBitmapIf(toUInt64(assumeNotNull(order_id)), account = 'sales' and isNotNull(order_id) and ${CUBE}.node_id = ${CUBE}.seller_id)`,
      type: `number`,
      title: `Own orders`,
      description: `Paid orders of the distributor's own.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        title_zh: `本人订单`,
        description_zh: `分销商自己的已付款订单。`,
      },
    },
    team_order_count: {
      sql: `groupBitmapIf(toUInt64(assumeNotNull(order_id)), account = 'sales' and isNotNull(order_id))`,
      type: `number`,
      title: `Team orders`,
      description: `Paid orders of the distributor and everyone below. Teams overlap, so they do not add up.`,
      meta: {
        unit: `count`,
        good: `up`,
        additive: true,
        additive_except: [`distributor_id`, `distributor`, `depth`, `region`, `parent_id`, `grade`],
        title_zh: `团队订单`,
        description_zh: `本人及所有下级的已付款订单。团队互相包含，不能相加。`,
      },
    },
  },
})
