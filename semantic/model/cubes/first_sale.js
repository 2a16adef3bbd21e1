// The day of each distributor's first own sale, ever. A distributor sees those of his team.
cube(`first_sale`, {
  sql: `
    with ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `toInt64OrZero(${scope})`)} as viewer
    select path[-1] as sold_by, min(first_day) as first_sold_on
    from (
      select ancestor_ids as path, min(business_day) as first_day
      from journal_entry
      where account = 'cash' and kind = 'sale'
      group by path
    )
    where notEmpty(path) and (viewer = 0 or has(path, viewer))
    group by sold_by
  `,
  public: false,

  dimensions: {
    sold_by: { sql: `${CUBE}.sold_by`, type: `string`, primary_key: true },
    day: { sql: `${CUBE}.first_sold_on`, type: `string` },
  },
})
