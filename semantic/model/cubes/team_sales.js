// Each journal entry once for every node above the sale, as the tree was when the order was placed. A distributor
// sees nodes from himself down: the part of the path that starts with him.
import { amount, AT, BUSINESS_DAY, group, ORDER, orders } from './words'

const TEAMS_OVERLAP = [`distributor_id`, `distributor`, `depth`, `region`, `parent_id`, `grade`]

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
    at: { sql: `${CUBE}.at_second`, type: `time`, ...AT },
    business_day: { sql: `${CUBE}.business_day`, type: `string`, ...BUSINESS_DAY },
    order_id: { sql: `${CUBE}.order_id`, type: `string`, ...ORDER },
    distributor_id: {
      sql: `${CUBE}.node_id`,
      type: `string`,
      ...group([`Distributor id`, `The head of the team.`], [`分销商编号`, `团队负责人。`]),
    },
  },

  measures: {
    own_revenue_cents: {
      sql: `if(${CUBE}.node_id = ${CUBE}.seller_id, -amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id],
      ...amount(
        `cents`,
        `up`,
        [`Own revenue`, `Revenue of the distributor's own orders.`],
        [`本人收入`, `分销商自己订单的收入。`],
      ),
    },
    team_revenue_cents: {
      sql: `-amount_cents`,
      type: `sum`,
      drill_members: [order_id],
      ...amount(
        `cents`,
        `up`,
        [
          `Team revenue`,
          `Revenue of the distributor and everyone below, by the tree at the time of the order. Teams overlap, so they do not add up.`,
        ],
        [`团队收入`, `本人及所有下级的收入，按下单时的层级。团队互相包含，不能相加。`],
        TEAMS_OVERLAP,
      ),
    },
    own_order_count: {
      sql: orders(`account = 'sales' and ${CUBE}.node_id = ${CUBE}.seller_id`),
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [`Own orders`, `Paid orders of the distributor's own.`],
        [`本人订单`, `分销商自己的已付款订单。`],
      ),
    },
    team_order_count: {
      sql: orders(`account = 'sales'`),
      type: `number`,
      drill_members: [order_id],
      ...amount(
        `count`,
        `up`,
        [
          `Team orders`,
          `Paid orders of the distributor and everyone below. Teams overlap, so they do not add up.`,
        ],
        [`团队订单`, `本人及所有下级的已付款订单。团队互相包含，不能相加。`],
        TEAMS_OVERLAP,
      ),
    },
  },
})
