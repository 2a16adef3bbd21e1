// What lies where now: the sum of all moves, beside what the last 14 days took out. Not for distributors, so the
// scope must be the whole company.
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
      title: `SKU id`,
      meta: { title_zh: `SKU 编号` },
    },
    product_id: {
      sql: `${CUBE}.product_id`,
      type: `string`,
      title: `Product id`,
      meta: { title_zh: `商品编号` },
    },
    warehouse_id: {
      sql: `${CUBE}.warehouse_id`,
      type: `string`,
      title: `Warehouse id`,
      meta: { title_zh: `仓库编号` },
    },
    reorder_point: {
      sql: `${CUBE}.reorder_point`,
      type: `number`,
      title: `Reorder point`,
      description: `At or below it more should be ordered.`,
      meta: { title_zh: `补货点`, description_zh: `达到或低于此数应补货。` },
    },
    lead_time_days: {
      sql: `${CUBE}.lead_time_days`,
      type: `number`,
      title: `Lead time, days`,
      description: `From ordering to arrival.`,
      meta: { title_zh: `到货天数`, description_zh: `从下采购单到到货。` },
    },
    severity: {
      sql: `${CUBE}.severity`,
      type: `string`,
      title: `Severity`,
      description: `out: nothing available; critical: cover under half the lead time; soon: under the lead time; watch: under one and a half lead times, or at the reorder point; ok: otherwise.`,
      meta: {
        title_zh: `紧急程度`,
        description_zh: `断货：无可用；危急：可售天数不足到货期一半；将断：不足到货期；关注：不足 1.5 倍到货期或到补货点；正常：其余。`,
      },
    },
  },

  measures: {
    on_hand: {
      sql: `on_hand`,
      type: `sum`,
      title: `On hand`,
      description: `Pieces in the warehouse.`,
      meta: {
        unit: `units`,
        good: `none`,
        additive: true,
        title_zh: `在库`,
        description_zh: `仓库里的件数。`,
      },
    },
    reserved: {
      sql: `reserved`,
      type: `sum`,
      title: `Reserved`,
      description: `Promised to open orders.`,
      meta: {
        unit: `units`,
        good: `none`,
        additive: true,
        title_zh: `已占用`,
        description_zh: `已分配给未完成订单。`,
      },
    },
    available: {
      sql: `available`,
      type: `sum`,
      title: `Available`,
      description: `On hand less reserved.`,
      meta: {
        unit: `units`,
        good: `up`,
        additive: true,
        title_zh: `可用`,
        description_zh: `在库减已占用。`,
      },
    },
    value_cents: {
      sql: `value_cents`,
      type: `sum`,
      title: `Stock value`,
      description: `What the goods on hand have cost.`,
      meta: {
        unit: `cents`,
        good: `none`,
        additive: true,
        title_zh: `库存金额`,
        description_zh: `在库商品的成本。`,
      },
    },
    sold_14d: {
      sql: `sold_14d`,
      type: `sum`,
      title: `Issued in 14 days`,
      description: `Pieces that left for customers in the last 14 days.`,
      meta: {
        unit: `units`,
        good: `up`,
        additive: true,
        title_zh: `14 天出库`,
        description_zh: `最近 14 天发给顾客的件数。`,
      },
    },
    daily_velocity: {
      sql: `round(divideDecimal(toDecimal256(${sold_14d}, 0), toDecimal256(14, 0), 8), 4)`,
      type: `number`,
      title: `Daily velocity`,
      description: `Pieces a day over the last 14 days.`,
      meta: {
        unit: `units`,
        good: `up`,
        additive: true,
        title_zh: `日销`,
        description_zh: `最近 14 天平均每天的件数。`,
      },
    },
    days_of_cover: {
      sql: `if(${sold_14d} <= 0, null, round(divideDecimal(toDecimal256(${available} * 14, 0), toDecimal256(greatest(${sold_14d}, 1), 0), 6), 2))`,
      type: `number`,
      title: `Days of cover`,
      description: `How long what is available lasts at that velocity; empty when nothing moves.`,
      meta: {
        unit: `days`,
        good: `up`,
        additive: false,
        title_zh: `可售天数`,
        description_zh: `按此速度可用库存能卖多久；没有动销时为空。`,
      },
    },
  },
})
