// One row for each kind of goods: what it sold over whole weeks up to yesterday, what lies there, and how that ranks.
// Sales are of the journal (paid, less refunds), so they tie to revenue; the stock is the sum of all moves.
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
        before * 100 < total * ${A_PERCENT}, 'A', before * 100 < total * ${B_PERCENT}, 'B', 'C')) as abc,
      multiIf(weekly_sum <= 0, 'Z',
        spread * 10000 <= weekly_sum * weekly_sum * ${X_VARIATION_PERCENT ** 2}, 'X',
        spread * 10000 <= weekly_sum * weekly_sum * ${Y_VARIATION_PERCENT ** 2}, 'Y', 'Z') as xyz
    from (
      select sku.id as sku_id, sku.product_id as product_id, ifNull(recent.units, 0) as units,
        ifNull(recent.revenue, 0) as revenue, ifNull(recent.cogs, 0) as cogs, ifNull(level.on_hand, 0) as on_hand,
        ifNull(level.value_cents, 0) as value_cents, past.first_day as first_day, past.last_day as last_day,
        ifNull(recent.weekly_sum, 0) as weekly_sum,
        ${VELOCITY_WEEKS} * ifNull(recent.weekly_squares, 0) - weekly_sum * weekly_sum as spread,
        sum(toInt256(greatest(revenue, 0))) over () as total,
        sum(toInt256(greatest(revenue, 0))) over (order by revenue desc, sku.id rows unbounded preceding)
          - greatest(revenue, 0) as before,
        dateDiff('day', ifNull(past.last_day, level.first_day), ${TODAY}) as idle_days,
        on_hand > 0 and idle_days > ${DEAD_DAYS} as is_dead
      from current_sku as sku
      left join (
        select sku_id, sum(pieces) as units, -sumIf(cents, account != 'cogs') as revenue,
          sumIf(cents, account = 'cogs') as cogs, sumIf(toInt256(pieces), account = 'sales') as weekly_sum,
          sumIf(toInt256(pieces) * pieces, account = 'sales') as weekly_squares
        from (
          select sku_id, account, intDiv(toInt32(${TODAY}) - toInt32(business_day) - 1, 7) as week,
            sum(quantity) as pieces, sum(amount_cents) as cents
          from journal_entry
          where account in ('sales', 'discount', 'refund', 'cogs') and isNotNull(sku_id)
            and business_day >= ${TODAY} - ${WINDOW_DAYS} and business_day < ${TODAY}
          group by sku_id, account, week
        )
        group by sku_id
      ) as recent on recent.sku_id = sku.id
      left join (
        select sku_id, min(business_day) as first_day, max(business_day) as last_day
        from journal_entry
        where account = 'sales' and isNotNull(sku_id)
        group by sku_id
      ) as past on past.sku_id = sku.id
      left join (
        select sku_id, sum(on_hand_delta) as on_hand, sum(value_delta_cents) as value_cents, min(business_day) as first_day
        from stock_move
        group by sku_id
      ) as level on level.sku_id = sku.id
      where not sku.is_service
    )
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `${scope} = 'all'`)}
  `,
  public: false,

  joins: {
    product: { relationship: `many_to_one`, sql: `${CUBE}.product_id = ${product}.id` },
    sku: { relationship: `many_to_one`, sql: `${CUBE}.sku_id = ${sku}.id` },
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
      sql: `xyz`,
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
      sql: `multiIf(is_dead, 'dead', on_hand > 0, 'moving', 'none')`,
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
      sql: `${CUBE}.first_day`,
      type: `string`,
      ...group(
        [`First sale`, `The business day of the first paid order.`],
        [`首次销售日`, `首次付款订单的营业日。`],
      ),
    },
    last_sale_day: {
      sql: `${CUBE}.last_day`,
      type: `string`,
      ...group(
        [`Last sale`, `The business day of the last paid order.`],
        [`最近销售日`, `最近一次付款订单的营业日。`],
      ),
    },
  },
})
