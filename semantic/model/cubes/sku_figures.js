// What velocity comes to. Every figure over several kinds of goods is of their sums, not a mean of theirs.
import { amount, figure, quotient, ratio } from './words'
import { DEAD_DAYS, VELOCITY_WEEKS } from './parameters'

const WINDOW_DAYS = VELOCITY_WEEKS * 7

cube(`sku_figures`, {
  extends: sku_velocity,
  public: false,
  measures: {
    sku_count: {
      sql: `count()`,
      type: `number`,
      drill_members: [sku_id],
      ...amount(
        `count`,
        `none`,
        [`SKUs`, `Kinds of goods, services left out.`],
        [`SKU 数`, `库存单位数，不含服务。`],
      ),
    },
    units: {
      sql: `units`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `units`,
        `up`,
        [
          `Units sold`,
          `Pieces sold in the last ${VELOCITY_WEEKS} whole weeks, less pieces refunded.`,
        ],
        [`销量`, `最近 ${VELOCITY_WEEKS} 整周售出件数减退款件数。`],
      ),
    },
    revenue_cents: {
      sql: `revenue`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `cents`,
        `up`,
        [
          `Revenue`,
          `Of goods in the last ${VELOCITY_WEEKS} whole weeks, less discounts and refunds, without shipping.`,
        ],
        [`收入`, `最近 ${VELOCITY_WEEKS} 整周商品收入，减折扣和退款，不含运费。`],
      ),
    },
    cogs_cents: {
      sql: `cogs`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `cents`,
        `none`,
        [
          `Cost of goods`,
          `What the goods shipped in the last ${VELOCITY_WEEKS} whole weeks had cost, less goods that came back.`,
        ],
        [`销售成本`, `最近 ${VELOCITY_WEEKS} 整周发出商品的成本，减退回。`],
      ),
    },
    on_hand: {
      sql: `${on_hand_now}`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `units`,
        `none`,
        [`On hand`, `Pieces in all warehouses, now.`],
        [`在库`, `当前所有仓库的件数。`],
      ),
    },
    stock_value_cents: {
      sql: `ifNull(${sku_stock.value_cents}, 0)`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `cents`,
        `none`,
        [`Stock value`, `What the goods on hand have cost.`],
        [`库存金额`, `在库商品的成本。`],
      ),
    },
    sell_through: {
      sql: ratio(units, `(${units} + ${on_hand})`),
      type: `number`,
      drill_members: [sku_id],
      ...figure(
        `ratio`,
        `up`,
        [`Sell-through`, `Units sold divided by units sold and on hand.`],
        [`售罄率`, `销量除以销量与在库之和。`],
      ),
    },
    days_of_cover: {
      sql: quotient(`${on_hand} * ${WINDOW_DAYS}`, units, 1),
      type: `number`,
      drill_members: [sku_id],
      ...figure(
        `days`,
        `none`,
        [
          `Days of cover`,
          `How long what is on hand lasts at the pace of the last ${VELOCITY_WEEKS} weeks; empty when nothing was sold.`,
        ],
        [`可售天数`, `按最近 ${VELOCITY_WEEKS} 周的速度在库能卖多久；无销售时为空。`],
      ),
    },
    turnover: {
      sql: quotient(`${cogs_cents} * 365`, `(${stock_value_cents} * ${WINDOW_DAYS})`, 2),
      type: `number`,
      drill_members: [sku_id],
      ...figure(
        `times`,
        `up`,
        [
          `Turnover`,
          `How often a year the stock is sold: cost of goods, for a year at this pace, divided by stock value.`,
        ],
        [`周转次数`, `按此速度一年的销售成本除以库存金额。`],
      ),
    },
    dead_sku_count: {
      sql: `countIf(${is_dead})`,
      type: `number`,
      drill_members: [sku_id],
      ...amount(
        `count`,
        `down`,
        [
          `Dead SKUs`,
          `On hand and not sold for more than ${DEAD_DAYS} days; never sold: since they first came in.`,
        ],
        [`呆滞 SKU`, `有库存且超过 ${DEAD_DAYS} 天未售；从未售出的自首次入库起计。`],
      ),
    },
    dead_units: {
      sql: `if(${is_dead}, ${on_hand_now}, 0)`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `units`,
        `down`,
        [`Dead units`, `Pieces of dead SKUs.`],
        [`呆滞件数`, `呆滞 SKU 的件数。`],
      ),
    },
    dead_value_cents: {
      sql: `if(${is_dead}, ifNull(${sku_stock.value_cents}, 0), 0)`,
      type: `sum`,
      drill_members: [sku_id],
      ...amount(
        `cents`,
        `down`,
        [`Dead stock`, `What the pieces of dead SKUs have cost.`],
        [`呆滞金额`, `呆滞 SKU 的库存成本。`],
      ),
    },
    idle_days: {
      sql: `max(${idle})`,
      type: `number`,
      drill_members: [sku_id],
      ...figure(
        `days`,
        `down`,
        [
          `Days without a sale`,
          `Since the last sale, or since it first came in; of several SKUs the longest.`,
        ],
        [`未售天数`, `距最近一次销售或首次入库的天数；多个 SKU 取最长。`],
      ),
    },
    demand_variation: {
      sql: `max(if(ifNull(${sku_weeks.weekly_sum}, 0) <= 0, null, round(sqrt(toFloat64(${sku_weeks.spread})) / toFloat64(${sku_weeks.weekly_sum}), 4)))`,
      type: `number`,
      drill_members: [sku_id],
      ...figure(
        `ratio`,
        `down`,
        [
          `Variation of demand`,
          `Standard deviation of weekly units divided by their mean, over ${VELOCITY_WEEKS} weeks; of several SKUs the largest.`,
        ],
        [`需求波动`, `${VELOCITY_WEEKS} 周周销量的标准差除以均值；多个 SKU 取最大。`],
      ),
    },
  },
})
