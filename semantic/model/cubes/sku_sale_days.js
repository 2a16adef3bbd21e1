// The first and the last day on which each kind of goods was sold.
cube(`sku_sale_days`, {
  sql: `
    select sku_id as sold_sku_id, min(business_day) as first_sold_on, max(business_day) as last_sold_on
    from journal_entry
    where account = 'sales' and isNotNull(sku_id)
    group by sold_sku_id
  `,
  public: false,

  dimensions: {
    sku_id: { sql: `${CUBE}.sold_sku_id`, type: `string`, primary_key: true },
    first_day: { sql: `${CUBE}.first_sold_on`, type: `string` },
    last_day: { sql: `${CUBE}.last_sold_on`, type: `string` },
  },
})
