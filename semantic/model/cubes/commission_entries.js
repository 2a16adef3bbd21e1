// Every entry moves an amount into or out of a state, so what stands in a state is a sum. Own entries only:
// what a distributor below earns is not his sponsor's business.
cube(`commission_entries`, {
  sql: `
    select id, at_second, business_day, kind, state, amount_cents, distributor_id, level
    from commission_entry
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or distributor_id = toInt64OrZero(${scope}))`)}
  `,
  public: false,

  joins: {
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.distributor_id = ${distributor}.id` },
  },

  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      title: `Time`,
      description: `When the amount entered or left the state.`,
      meta: { title_zh: `时间`, description_zh: `金额进入或离开该状态的时间。` },
    },
    business_day: {
      sql: `${CUBE}.business_day`,
      type: `string`,
      title: `Business day`,
      description: `The calendar day in the instance's time zone.`,
      meta: { title_zh: `营业日`, description_zh: `按本实例时区计算的日期。` },
    },
    state: {
      sql: `${CUBE}.state`,
      type: `string`,
      title: `State`,
      description: `pending: paid, not yet received; frozen: may still come back; available: may be paid out; paid: paid out.`,
      meta: {
        title_zh: `状态`,
        description_zh: `待定：已付款未收货；冻结：仍可退货；可提：可以支付；已付：已支付。`,
      },
    },
    level: {
      sql: `${CUBE}.level`,
      type: `number`,
      title: `Level`,
      description: `1: own order; 2: order of someone directly below.`,
      meta: { title_zh: `层级`, description_zh: `1：本人订单；2：直接下级的订单。` },
    },
    distributor_id: {
      sql: `${CUBE}.distributor_id`,
      type: `string`,
      title: `Distributor id`,
      description: `Who earns it.`,
      meta: { title_zh: `分销商编号`, description_zh: `佣金所有人。` },
    },
  },

  measures: {
    amount_cents: {
      sql: `amount_cents`,
      type: `sum`,
      title: `Commission`,
      description: `Sum of what entered a state less what left it. Without the state it is all that was ever earned.`,
      meta: {
        unit: `cents`,
        good: `up`,
        additive: true,
        title_zh: `佣金`,
        description_zh: `进入状态减离开状态的金额之和；不分状态时为累计所得。`,
      },
    },
    entry_count: {
      sql: `count()`,
      type: `number`,
      title: `Entries`,
      description: `Lines of the commission ledger.`,
      meta: {
        unit: `count`,
        good: `none`,
        additive: true,
        title_zh: `分录数`,
        description_zh: `佣金账的行数。`,
      },
    },
  },
})
