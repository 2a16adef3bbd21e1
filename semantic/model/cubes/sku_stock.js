// What lies of each kind of goods, in all warehouses, what it has cost, and since when there is any: the sum of all moves.
cube(`sku_stock`, {
  sql: `
    select sku_id as lying_sku_id, sum(on_hand_delta) as pieces_on_hand, sum(value_delta_cents) as cost_cents,
      min(business_day) as first_move_day
    from stock_move
    group by lying_sku_id
  `,
  public: false,

  dimensions: {
    sku_id: { sql: `${CUBE}.lying_sku_id`, type: `string`, primary_key: true },
    on_hand: { sql: `${CUBE}.pieces_on_hand`, type: `number` },
    value_cents: { sql: `${CUBE}.cost_cents`, type: `number` },
    first_day: { sql: `${CUBE}.first_move_day`, type: `string` },
  },
})
