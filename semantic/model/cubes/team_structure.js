// Who sells at all, who stays, and on how few the company depends: beside what they sold.
import { amount, figure, ratio } from './words'
import { ACTIVATION_DAYS, DEPENDENCE_PERCENT, INACTIVE_DAYS } from './parameters'

// SQL: the share of own revenue that the first so many percent of distributors make, at least one of them.
function topShare(percent) {
  return ratio(
    `arraySum(arraySlice(arrayReverseSort(groupArray(greatest(own, 0))), 1, intDiv(count() * ${percent} + 99, 100)))`,
    `sum(greatest(own, 0))`,
  )
}

cube(`team_structure`, {
  extends: team_figures,
  public: false,
  measures: {
    active_count: {
      sql: `countIf(own_orders > 0)`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `up`,
        [`Active`, `With an own paid order in the period.`],
        [`活跃数`, `本期有本人付款订单。`],
      ),
    },
    previous_active_count: {
      sql: `countIf(own_orders_before > 0)`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `up`,
        [`Active before`, `With an own paid order in the equal period before.`],
        [`上期活跃数`, `上期有本人付款订单。`],
      ),
    },
    retained_count: {
      sql: `countIf(own_orders > 0 and own_orders_before > 0)`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `up`,
        [`Retained`, `Active before and again in the period.`],
        [`留存数`, `上期活跃且本期仍活跃。`],
      ),
    },
    retention: {
      sql: ratio(retained_count, previous_active_count),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `up`,
        [`Retention`, `Retained divided by active before.`],
        [`留存率`, `留存数除以上期活跃数。`],
      ),
    },
    activated_count: {
      sql: `countIf(ifNull(${first_sale.day} <= joined_on + ${ACTIVATION_DAYS}, false) and is_old_enough)`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `up`,
        [
          `Activated`,
          `Of those who joined more than ${ACTIVATION_DAYS} days before the end of the period: with a first own sale within ${ACTIVATION_DAYS} days of joining.`,
        ],
        [
          `已激活`,
          `期末前加入已满 ${ACTIVATION_DAYS} 天者中，加入 ${ACTIVATION_DAYS} 天内有首单的人数。`,
        ],
      ),
    },
    activation_rate: {
      sql: ratio(activated_count, `countIf(is_old_enough)`),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `up`,
        [
          `Activation`,
          `Activated divided by those who joined more than ${ACTIVATION_DAYS} days before the end of the period.`,
        ],
        [`激活率`, `已激活数除以加入已满 ${ACTIVATION_DAYS} 天的人数。`],
      ),
    },
    inactive_count: {
      sql: `countIf(activity = 'inactive')`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `down`,
        [
          `Inactive`,
          `Without an own or team sale for more than ${INACTIVE_DAYS} days up to the end of the period, and not new.`,
        ],
        [`沉寂数`, `期末前超过 ${INACTIVE_DAYS} 天本人和团队均无销售，且非新加入。`],
      ),
    },
    dependent_count: {
      sql: `countIf(${dependence} != 'none')`,
      type: `number`,
      drill_members: [distributor_id],
      ...amount(
        `count`,
        `down`,
        [
          `Dependent`,
          `Whose team makes more than ${DEPENDENCE_PERCENT} % of its revenue through one team below or one customer.`,
        ],
        [`单点依赖数`, `团队收入 ${DEPENDENCE_PERCENT}% 以上来自一个下级团队或一个客户。`],
      ),
    },
    commission_cents: {
      sql: `if(is_shown_commission, ifNull(${earned_commission.cents}, 0), null)`,
      type: `sum`,
      drill_members: [distributor_id],
      ...amount(
        `cents`,
        `none`,
        [
          `Commission earned`,
          `Accrued in the period less clawbacks, own and of the level below. A distributor sees his own only.`,
        ],
        [`所得佣金`, `本期计提减追回，含本人及下一级订单。分销商只看自己的。`],
      ),
    },
    commission_rate: {
      sql: ratio(commission_cents, team_revenue_cents),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `none`,
        [
          `Commission ratio`,
          `Commission earned divided by team revenue; asked by distributor, because teams overlap.`,
        ],
        [`佣金占比`, `所得佣金除以团队收入；团队互相包含，请按分销商查询。`],
      ),
    },
    top_1_share: {
      sql: topShare(1),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `none`,
        [
          `Share of the top 1 %`,
          `Own revenue of the 1 % who sold most (at least one) divided by all own revenue.`,
        ],
        [`前 1% 占比`, `销售最多的 1%（至少一人）的本人收入除以全部本人收入。`],
      ),
    },
    top_5_share: {
      sql: topShare(5),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `none`,
        [
          `Share of the top 5 %`,
          `Own revenue of the 5 % who sold most (at least one) divided by all own revenue.`,
        ],
        [`前 5% 占比`, `销售最多的 5%（至少一人）的本人收入除以全部本人收入。`],
      ),
    },
    top_10_share: {
      sql: topShare(10),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `none`,
        [
          `Share of the top 10 %`,
          `Own revenue of the 10 % who sold most (at least one) divided by all own revenue.`,
        ],
        [`前 10% 占比`, `销售最多的 10%（至少一人）的本人收入除以全部本人收入。`],
      ),
    },
    concentration_hhi: {
      sql: ratio(
        `sum(toInt256(greatest(own, 0)) * greatest(own, 0))`,
        `(sum(toInt256(greatest(own, 0))) * sum(toInt256(greatest(own, 0))))`,
      ),
      type: `number`,
      drill_members: [distributor_id],
      ...figure(
        `ratio`,
        `down`,
        [
          `Concentration (HHI)`,
          `Sum of squared shares of own revenue, from 0 (spread) to 1 (one makes all); times 10,000 it is the Herfindahl–Hirschman index.`,
        ],
        [
          `集中度（HHI）`,
          `本人收入份额的平方和，0 为分散，1 为一人独占；乘以 10000 即赫芬达尔指数。`,
        ],
      ),
    },
  },
})
