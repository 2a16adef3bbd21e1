// One row for each kind of goods: what it sold over whole weeks up to yesterday, what lies there, and how that ranks.
// Sales are of the journal (paid, less refunds), so they tie to revenue. What not every question needs (the stock, the first
// and last sale, the sales week by week) is joined from a cube of its own, so that the others do not wait for it.
import { group, TODAY } from './words'
import {
  A_PERCENT,
  B_PERCENT,
  DEAD_DAYS,
  VELOCITY_WEEKS,
  X_VARIATION_PERCENT,
  Y_VARIATION_PERCENT,
} from './parameters'

const WINDOW_DAYS = VELOCITY_WEEKS * 7

cube(`sku_velocity`, {
  sql: `
    select *,
      if(revenue <= 0, 'C', multiIf(
        before * 100 < total * ${A_PERCENT}, 'A', before * 100 < total * ${B_PERCENT}, 'B', 'C')) as abc
    from (
      select sku.id as sku_id, sku.product_id as product_id, ifNull(recent.units, 0) as units,
        ifNull(recent.revenue, 0) as revenue, ifNull(recent.cogs, 0) as cogs,
        sum(toInt256(greatest(revenue, 0))) over () as total,
        sum(toInt256(greatest(revenue, 0))) over (order by revenue desc, sku.id rows unbounded preceding)
          - greatest(revenue, 0) as before
      from current_sku as sku
      left join (
        select sku_id, sum(pieces) as units, -sumIf(cents, account != 'cogs') as revenue,
          sumIf(cents, account = 'cogs') as cogs
        from (
          select sku_id, account, sum(quantity) as pieces, sum(amount_cents) as cents
          from journal_entry
          where account in ('sales', 'discount', 'refund', 'cogs') and isNotNull(sku_id)
            and business_day >= ${TODAY} - ${WINDOW_DAYS} and business_day < ${TODAY}
          group by sku_id, account
        )
        group by sku_id
      ) as recent on recent.sku_id = sku.id
      where not sku.is_service
    )
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `${scope} = 'all'`)}
  `,
  public: false,

  joins: {
    product: { relationship: `many_to_one`, sql: `${CUBE}.product_id = ${product}.id` },
    sku: { relationship: `many_to_one`, sql: `${CUBE}.sku_id = ${sku}.id` },
    sku_stock: { relationship: `one_to_one`, sql: `${CUBE}.sku_id = ${sku_stock}.lying_sku_id` },
    sku_sale_days: {
      relationship: `one_to_one`,
      sql: `${CUBE}.sku_id = ${sku_sale_days}.sold_sku_id`,
    },
    sku_weeks: { relationship: `one_to_one`, sql: `${CUBE}.sku_id = ${sku_weeks}.weekly_sku_id` },
  },

  dimensions: {
    sku_id: {
      sql: `${CUBE}.sku_id`,
      type: `string`,
      primary_key: true,
      public: true,
      ...group([`SKU id`, `What is kept in stock.`], [`SKU 编号`, `库存单位。`]),
    },
    product_id: {
      sql: `${CUBE}.product_id`,
      type: `string`,
      ...group([`Product id`, `The product it is of.`], [`商品编号`, `所属商品。`]),
    },
    on_hand_now: { sql: `ifNull(${sku_stock.on_hand}, 0)`, type: `number` },
    idle: {
      sql: `dateDiff('day', ifNull(${sku_sale_days.last_day}, ${sku_stock.first_day}), ${TODAY})`,
      type: `number`,
    },
    is_dead: { sql: `${on_hand_now} > 0 and ${idle} > ${DEAD_DAYS}`, type: `boolean` },
    abc: {
      sql: `abc`,
      type: `string`,
      ...group(
        [
          `ABC class`,
          `By revenue of the last ${VELOCITY_WEEKS} weeks, most first: A makes the first ${A_PERCENT} % of it, B goes up to ${B_PERCENT} %, C is the rest.`,
        ],
        [
          `ABC 分类`,
          `按最近 ${VELOCITY_WEEKS} 周收入从高到低累计：A 占前 ${A_PERCENT}%，B 至 ${B_PERCENT}%，C 为其余。`,
        ],
        { A: { en: `A`, zh: `A` }, B: { en: `B`, zh: `B` }, C: { en: `C`, zh: `C` } },
      ),
    },
    xyz: {
      sql: `multiIf(ifNull(${sku_weeks.weekly_sum}, 0) <= 0, 'Z',
        ${sku_weeks.spread} * 10000 <= ${sku_weeks.weekly_sum} * ${sku_weeks.weekly_sum} * ${X_VARIATION_PERCENT ** 2}, 'X',
        ${sku_weeks.spread} * 10000 <= ${sku_weeks.weekly_sum} * ${sku_weeks.weekly_sum} * ${Y_VARIATION_PERCENT ** 2}, 'Y', 'Z')`,
      type: `string`,
      ...group(
        [
          `XYZ class`,
          `By how much weekly demand of the last ${VELOCITY_WEEKS} weeks varies (standard deviation ÷ mean): X up to ${X_VARIATION_PERCENT} %, Y up to ${Y_VARIATION_PERCENT} %, Z more or no demand.`,
        ],
        [
          `XYZ 分类`,
          `按最近 ${VELOCITY_WEEKS} 周周销量的变异系数（标准差 ÷ 均值）：X 不超过 ${X_VARIATION_PERCENT}%，Y 不超过 ${Y_VARIATION_PERCENT}%，Z 更高或无需求。`,
        ],
        {
          X: { en: `Steady`, zh: `稳定` },
          Y: { en: `Varying`, zh: `波动` },
          Z: { en: `Erratic`, zh: `不规律` },
        },
      ),
    },
    stock_state: {
      sql: `multiIf(${is_dead}, 'dead', ${on_hand_now} > 0, 'moving', 'none')`,
      type: `string`,
      ...group(
        [
          `Stock state`,
          `dead: on hand and not sold for more than ${DEAD_DAYS} days (never sold: since it first came in); none: nothing on hand.`,
        ],
        [
          `库存状态`,
          `呆滞：有库存且超过 ${DEAD_DAYS} 天未售（从未售出的自首次入库起计）；无：无库存。`,
        ],
        {
          dead: { en: `Dead`, zh: `呆滞` },
          moving: { en: `Moving`, zh: `动销` },
          none: { en: `None on hand`, zh: `无库存` },
        },
      ),
    },
    first_sale_day: {
      sql: `${sku_sale_days.first_day}`,
      type: `string`,
      ...group(
        [`First sale`, `The business day of the first paid order.`],
        [`首次销售日`, `首次付款订单的营业日。`],
      ),
    },
    last_sale_day: {
      sql: `${sku_sale_days.last_day}`,
      type: `string`,
      ...group(
        [`Last sale`, `The business day of the last paid order.`],
        [`最近销售日`, `最近一次付款订单的营业日。`],
      ),
    },
  },
})
