// Every entry moves an amount into or out of a state, so what stands in a state is a sum. Own entries only:
// what a distributor below earns is not his sponsor's business.
import { amount, BUSINESS_DAY, group, ORDER } from './words'

cube(`commission_entries`, {
  sql: `
    select id, at_second, business_day, kind, state, amount_cents, distributor_id, level, order_id, sku_id
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
      ...group(
        [`Time`, `When the amount entered or left the state.`],
        [`时间`, `金额进入或离开该状态的时间。`],
      ),
    },
    business_day: { sql: `${CUBE}.business_day`, type: `string`, ...BUSINESS_DAY },
    order_id: { sql: `${CUBE}.order_id`, type: `string`, ...ORDER },
    state: {
      sql: `${CUBE}.state`,
      type: `string`,
      ...group(
        [
          `State`,
          `pending: paid, not yet received; frozen: may still come back; available: may be paid out; paid: paid out.`,
        ],
        [`状态`, `待定：已付款未收货；冻结：仍可退货；可提：可以支付；已付：已支付。`],
        {
          pending: { en: `Pending`, zh: `待定` },
          frozen: { en: `Frozen`, zh: `冻结` },
          available: { en: `Available`, zh: `可提` },
          paid: { en: `Paid out`, zh: `已付` },
        },
      ),
    },
    level: {
      sql: `${CUBE}.level`,
      type: `number`,
      ...group(
        [`Level`, `1: own order; 2: order of someone directly below.`],
        [`层级`, `1：本人订单；2：直接下级的订单。`],
      ),
    },
    distributor_id: {
      sql: `${CUBE}.distributor_id`,
      type: `string`,
      ...group([`Distributor id`, `Who earns it.`], [`分销商编号`, `佣金所有人。`]),
    },
  },

  measures: {
    amount_cents: {
      sql: `amount_cents`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `cents`,
        `up`,
        [
          `Commission`,
          `Sum of what entered a state less what left it. Without the state it is all that was ever earned.`,
        ],
        [`佣金`, `进入状态减离开状态的金额之和；不分状态时为累计所得。`],
      ),
    },
    entry_count: {
      sql: `count()`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [`Entries`, `Lines of the commission ledger.`],
        [`分录数`, `佣金账的行数。`],
      ),
    },
  },
})
