// How evenly each kind of goods sold over whole weeks up to yesterday: the pieces of all weeks, and the squared weeks' number
// times the variance of one. A week without a sale counts as nothing sold.
import { TODAY } from './words'
import { VELOCITY_WEEKS } from './parameters'

cube(`sku_weeks`, {
  sql: `
    select sku_id as weekly_sku_id, sum(toInt256(pieces)) as pieces_sold,
      ${VELOCITY_WEEKS} * sum(toInt256(pieces) * pieces) - pieces_sold * pieces_sold as weekly_spread
    from (
      select sku_id, intDiv(toInt32(${TODAY}) - toInt32(business_day) - 1, 7) as week, sum(quantity) as pieces
      from journal_entry
      where account = 'sales' and isNotNull(sku_id)
        and business_day >= ${TODAY} - ${VELOCITY_WEEKS * 7} and business_day < ${TODAY}
      group by sku_id, week
    )
    group by weekly_sku_id
  `,
  public: false,

  dimensions: {
    sku_id: { sql: `${CUBE}.weekly_sku_id`, type: `string`, primary_key: true },
    weekly_sum: { sql: `${CUBE}.pieces_sold`, type: `number` },
    spread: { sql: `${CUBE}.weekly_spread`, type: `number` },
  },
})
