// What lies where now: the sum of all moves, beside what the last 14 days took out. Not for distributors, so the
// scope must be the whole company.
import { amount, figure, group } from './words'

cube(`stock_levels`, {
  sql: `
    select level.sku_id as sku_id, level.product_id as product_id, level.warehouse_id as warehouse_id,
      level.on_hand as on_hand, level.reserved as reserved, level.on_hand - level.reserved as available,
      level.value_cents as value_cents, ifNull(sold.units, 0) as sold_14d, sku.reorder_point as reorder_point,
      sku.lead_time_days as lead_time_days,
      multiIf(
        available <= 0, 'out',
        available * 28 < sold_14d * lead_time_days, 'critical',
        available * 14 < sold_14d * lead_time_days, 'soon',
        available * 28 < sold_14d * lead_time_days * 3 or available <= ifNull(reorder_point, -1), 'watch',
        'ok'
      ) as severity
    from (
      select sku_id, product_id, warehouse_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved,
        sum(value_delta_cents) as value_cents
      from stock_move
      group by sku_id, product_id, warehouse_id
    ) as level
    left join (
      select sku_id, warehouse_id, -sum(on_hand_delta) as units
      from stock_move
      where kind = 'issue' and at_second > now() - interval 14 day
      group by sku_id, warehouse_id
    ) as sold on sold.sku_id = level.sku_id and sold.warehouse_id = level.warehouse_id
    left join current_sku as sku on sku.id = level.sku_id
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `${scope} = 'all'`)}
  `,
  public: false,

  joins: {
    product: { relationship: `many_to_one`, sql: `${CUBE}.product_id = ${product}.id` },
    sku: { relationship: `many_to_one`, sql: `${CUBE}.sku_id = ${sku}.id` },
    warehouse: { relationship: `many_to_one`, sql: `${CUBE}.warehouse_id = ${warehouse}.id` },
  },

  dimensions: {
    id: {
      sql: `concat(toString(${CUBE}.sku_id), '.', toString(${CUBE}.warehouse_id))`,
      type: `string`,
      primary_key: true,
    },
    sku_id: {
      sql: `${CUBE}.sku_id`,
      type: `string`,
      ...group([`SKU id`, `What is kept in stock.`], [`SKU 编号`, `库存单位。`]),
    },
    product_id: {
      sql: `${CUBE}.product_id`,
      type: `string`,
      ...group([`Product id`, `The product it is of.`], [`商品编号`, `所属商品。`]),
    },
    warehouse_id: {
      sql: `${CUBE}.warehouse_id`,
      type: `string`,
      ...group([`Warehouse id`, `Where it lies.`], [`仓库编号`, `存放的仓库。`]),
    },
    reorder_point: {
      sql: `${CUBE}.reorder_point`,
      type: `number`,
      ...group(
        [`Reorder point`, `At or below it more should be ordered.`],
        [`补货点`, `达到或低于此数应补货。`],
      ),
    },
    lead_time_days: {
      sql: `${CUBE}.lead_time_days`,
      type: `number`,
      ...group(
        [`Lead time, days`, `From ordering to arrival.`],
        [`到货天数`, `从下采购单到到货。`],
      ),
    },
    severity: {
      sql: `${CUBE}.severity`,
      type: `string`,
      ...group(
        [
          `Severity`,
          `out: nothing available; critical: cover under half the lead time; soon: under the lead time; watch: under one and a half lead times, or at the reorder point; ok: otherwise.`,
        ],
        [
          `紧急程度`,
          `断货：无可用；危急：可售天数不足到货期一半；将断：不足到货期；关注：不足 1.5 倍到货期或到补货点；正常：其余。`,
        ],
        {
          out: { en: `Out`, zh: `断货` },
          critical: { en: `Critical`, zh: `危急` },
          soon: { en: `Soon`, zh: `将断` },
          watch: { en: `Watch`, zh: `关注` },
          ok: { en: `OK`, zh: `正常` },
        },
      ),
    },
  },

  measures: {
    position_count: {
      sql: `1`,
      type: `sum`,
      drill_members: [sku_id, warehouse_id],
      ...amount(
        `count`,
        `none`,
        [`Stock positions`, `SKUs in a warehouse: the same SKU in two warehouses is two.`],
        [`库存项`, `某仓库里的某个 SKU 为一项：同一 SKU 在两个仓库算两项。`],
      ),
    },
    on_hand: {
      sql: `on_hand`,
      type: `sum`,
      drill_members: [sku_id, warehouse_id],
      ...amount(
        `units`,
        `none`,
        [`On hand`, `Pieces in the warehouse.`],
        [`在库`, `仓库里的件数。`],
      ),
    },
    reserved: {
      sql: `reserved`,
      type: `sum`,
      drill_members: [sku_id, warehouse_id],
      ...amount(
        `units`,
        `none`,
        [`Reserved`, `Promised to open orders.`],
        [`已占用`, `已分配给未完成订单。`],
      ),
    },
    available: {
      sql: `available`,
      type: `sum`,
      drill_members: [sku_id, warehouse_id],
      ...amount(`units`, `up`, [`Available`, `On hand less reserved.`], [`可用`, `在库减已占用。`]),
    },
    value_cents: {
      sql: `value_cents`,
      type: `sum`,
      drill_members: [sku_id, warehouse_id],
      ...amount(
        `cents`,
        `none`,
        [`Stock value`, `What the goods on hand have cost.`],
        [`库存金额`, `在库商品的成本。`],
      ),
    },
    sold_14d: {
      sql: `sold_14d`,
      type: `sum`,
      drill_members: [sku_id, warehouse_id],
      ...amount(
        `units`,
        `up`,
        [`Issued in 14 days`, `Pieces that left for customers in the last 14 days.`],
        [`14 天出库`, `最近 14 天发给顾客的件数。`],
      ),
    },
    daily_velocity: {
      sql: `round(divideDecimal(toDecimal256(${sold_14d}, 0), toDecimal256(14, 0), 8), 4)`,
      type: `number`,
      drill_members: [sku_id, warehouse_id],
      ...amount(
        `units`,
        `up`,
        [`Daily velocity`, `Pieces a day over the last 14 days.`],
        [`日销`, `最近 14 天平均每天的件数。`],
      ),
    },
    days_of_cover: {
      sql: `if(${sold_14d} <= 0, null, round(divideDecimal(toDecimal256(${available} * 14, 0), toDecimal256(greatest(${sold_14d}, 1), 0), 6), 2))`,
      type: `number`,
      drill_members: [sku_id, warehouse_id],
      ...figure(
        `days`,
        `up`,
        [
          `Days of cover`,
          `How long what is available lasts at that velocity; empty when nothing moves.`,
        ],
        [`可售天数`, `按此速度可用库存能卖多久；没有动销时为空。`],
      ),
    },
  },
})
