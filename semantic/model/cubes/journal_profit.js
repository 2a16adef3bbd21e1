// From revenue to net profit: the same facts as sales, and what only the company may see of them.
import { amount, figure, ratio } from './words'

cube(`journal_profit`, {
  extends: journal,
  public: false,
  measures: {
    cogs_cents: {
      sql: `if(account = 'cogs', amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `down`,
        [`Cost of goods`, `What the goods that were shipped had cost, less goods that came back.`],
        [`销售成本`, `已发出商品的成本，减去退回的商品。`],
      ),
    },
    gross_profit_cents: {
      sql: `if(account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs'), -amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `up`,
        [`Gross profit`, `Revenue less cost of goods.`],
        [`毛利`, `收入减销售成本。`],
      ),
    },
    commission_cents: {
      sql: `if(account = 'commission', amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `down`,
        [`Commissions`, `Earned by distributors on paid orders, less clawbacks.`],
        [`佣金`, `分销商在已付款订单上的佣金，减去追回。`],
      ),
    },
    fee_cents: {
      sql: `if(account = 'fee', amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id],
      ...amount(
        `cents`,
        `down`,
        [
          `Channel fees`,
          `What platforms and payment providers keep: one rate of each channel, posted when the order is paid and kept when money goes back. The ledger tells them apart by channel, not further.`,
        ],
        [
          `渠道费`,
          `平台和支付渠道收取的费用：每个渠道一个费率，付款时入账，退款时不退。账上只能按渠道区分。`,
        ],
      ),
    },
    net_profit_cents: {
      sql: `if(account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee'), -amount_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, order_line_id, sku_id],
      ...amount(
        `cents`,
        `up`,
        [`Net profit`, `Gross profit less commissions and channel fees.`],
        [`净利`, `毛利减佣金和渠道费。`],
      ),
    },
    gross_margin: {
      sql: ratio(gross_profit_cents, revenue_cents),
      type: `number`,
      drill_members: [order_id, order_line_id, sku_id],
      ...figure(
        `ratio`,
        `up`,
        [`Gross margin`, `Gross profit divided by revenue; empty without revenue.`],
        [`毛利率`, `毛利除以收入；没有收入时为空。`],
      ),
    },
    net_margin: {
      sql: ratio(net_profit_cents, revenue_cents),
      type: `number`,
      drill_members: [order_id, order_line_id, sku_id],
      ...figure(
        `ratio`,
        `up`,
        [`Net margin`, `Net profit divided by revenue; empty without revenue.`],
        [`净利率`, `净利除以收入；没有收入时为空。`],
      ),
    },
    commission_rate: {
      sql: ratio(commission_cents, revenue_cents),
      type: `number`,
      drill_members: [order_id, order_line_id, sku_id],
      ...figure(
        `ratio`,
        `down`,
        [`Commission rate`, `Commissions divided by revenue; empty without revenue.`],
        [`佣金率`, `佣金除以收入；没有收入时为空。`],
      ),
    },
    fee_rate: {
      sql: ratio(fee_cents, revenue_cents),
      type: `number`,
      drill_members: [order_id],
      ...figure(
        `ratio`,
        `down`,
        [`Fee rate`, `Channel fees divided by revenue; empty without revenue.`],
        [`渠道费率`, `渠道费除以收入；没有收入时为空。`],
      ),
    },
  },
})
