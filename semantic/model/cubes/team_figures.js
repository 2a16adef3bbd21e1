// What distributors and their teams sold, and their places. Own sales add up over distributors; teams overlap and do not.
import { amount, figure, ratio } from './words'

const TEAMS_OVERLAP = [
  `distributor_id`,
  `distributor`,
  `depth`,
  `region`,
  `parent_id`,
  `grade`,
  `activity`,
  `dependence`,
]

cube(`team_figures`, {
  extends: team_performance,
  public: false,
  measures: {
    distributor_count: {
      sql: `count()`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `none`,
        [`Distributors`, `Distributors of the list, applicants left out.`],
        [`分销商数`, `名单中的分销商，不含申请中的。`],
      ),
    },
    own_revenue_cents: {
      sql: `own`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `cents`,
        `up`,
        [`Own revenue`, `What customers paid on own orders in the period, less what went back.`],
        [`本人收入`, `本期本人订单的付款减退款。`],
      ),
    },
    previous_own_revenue_cents: {
      sql: `own_before`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `cents`,
        `up`,
        [`Own revenue before`, `The same in the equally long period right before.`],
        [`上期本人收入`, `紧邻的等长上期的本人收入。`],
      ),
    },
    own_growth: {
      sql: ratio(
        `(${own_revenue_cents} - ${previous_own_revenue_cents})`,
        previous_own_revenue_cents,
      ),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Growth`,
          `Own revenue less that of the equal period before, divided by the latter; empty where there was none.`,
        ],
        [`增长率`, `本人收入减上期再除以上期；上期为零时为空。`],
      ),
    },
    team_revenue_cents: {
      sql: `team`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `cents`,
        `up`,
        [
          `Team revenue`,
          `Of the distributor and everyone below, by the tree at the time of each order. Teams overlap, so they do not add up.`,
        ],
        [`团队收入`, `本人及所有下级，按下单时的层级。团队互相包含，不能相加。`],
        TEAMS_OVERLAP,
      ),
    },
    previous_team_revenue_cents: {
      sql: `team_before`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `cents`,
        `up`,
        [`Team revenue before`, `The same in the equally long period right before.`],
        [`上期团队收入`, `紧邻的等长上期的团队收入。`],
        TEAMS_OVERLAP,
      ),
    },
    team_growth: {
      sql: ratio(
        `(${team_revenue_cents} - ${previous_team_revenue_cents})`,
        previous_team_revenue_cents,
      ),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Team growth`,
          `Team revenue less that of the equal period before, divided by the latter; empty where there was none.`,
        ],
        [`团队增长率`, `团队收入减上期再除以上期；上期为零时为空。`],
      ),
    },
    own_order_count: {
      sql: `own_orders`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `up`,
        [`Own orders`, `Own orders that were paid in the period.`],
        [`本人订单`, `本期付款的本人订单。`],
      ),
    },
    team_order_count: {
      sql: `team_orders`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `up`,
        [
          `Team orders`,
          `Orders of the distributor and everyone below that were paid in the period. Teams overlap.`,
        ],
        [`团队订单`, `本期付款的本人及下级订单。团队互相包含。`],
        TEAMS_OVERLAP,
      ),
    },
    rank: {
      sql: `min(place)`,
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `count`,
        `down`,
        [
          `Rank`,
          `Place by own revenue of the period among all distributors of the company, the earlier joined first where equal; of several the best.`,
        ],
        [`名次`, `按本期本人收入在全公司的名次，相同时编号小者在前；多人取最好。`],
      ),
    },
    sibling_rank: {
      sql: `min(sibling_place)`,
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `count`,
        `down`,
        [
          `Rank among siblings`,
          `Place by team revenue of the period among those below the same parent today, the smaller id first where equal; of several the best.`,
        ],
        [`同级名次`, `按本期团队收入在同一上级下的名次，相同时编号小者在前；多人取最好。`],
      ),
    },
    sibling_count: {
      sql: `max(siblings)`,
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `count`,
        `none`,
        [
          `Siblings`,
          `How many stand below the same parent today, himself with them; of several the most.`,
        ],
        [`同级人数`, `同一上级下的人数，含本人；多人取最多。`],
      ),
    },
  },
})
