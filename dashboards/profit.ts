import { defineDashboard } from './define.ts'
import { category, channel, distributor, product, region } from './filters.ts'
import { fall } from './fall.ts'

export default defineDashboard({
  slug: 'profit',
  icon: 'profit',
  letter: 'p',
  roles: ['admin', 'executive', 'analyst'],
  period: 'month',
  title: { zh: '利润', en: 'Profit' },
  question: {
    zh: '钱从哪里来，又去了哪里？',
    en: 'Where does the money come from, and where does it go?',
  },
  filters: [channel, region, category, distributor, product],
  tiles: [
    {
      show: 'waterfall',
      key: 'fall',
      title: { zh: '从销售总额到净利', en: 'From gross sales to net profit' },
      sub: { zh: '占销售额', en: 'share of revenue' },
      steps: fall,
      base: 'profit.revenue_cents',
      width: 8,
      wide: { width: 9, order: 1 },
    },
    {
      show: 'series',
      key: 'months',
      title: { zh: '净利 · 按月', en: 'Net profit by month' },
      measure: 'profit.net_profit_cents',
      unit: 'money',
      over: { grain: 'month', count: 12 },
      headline: {
        beside: { title: { zh: '净利率', en: 'margin' }, measure: 'profit.net_margin' },
      },
      width: 4,
      wide: { width: 7, order: 2 },
    },
    {
      show: 'table',
      key: 'broken-down',
      title: { zh: '拆开看', en: 'Broken down' },
      sub: { zh: '点任一数字看订单', en: 'click a number for its orders' },
      by: [
        {
          title: { zh: '渠道', en: 'Channel' },
          id: 'profit.channel',
          name: 'profit.channel_name',
        },
        {
          title: { zh: '类目', en: 'Category' },
          id: 'profit.category',
          name: 'profit.category',
        },
        { title: { zh: '大区', en: 'Region' }, id: 'profit.region', name: 'profit.region' },
        {
          title: { zh: '经销商', en: 'Distributor' },
          id: 'profit.distributor_id',
          name: 'profit.distributor',
        },
        {
          title: { zh: '商品', en: 'Product' },
          id: 'profit.product_id',
          name: 'profit.product',
        },
        {
          title: { zh: '客户', en: 'Customers' },
          id: 'profit.customer_segment',
          name: 'profit.customer_segment',
        },
      ],
      columns: [
        {
          title: { zh: '销售额', en: 'Revenue' },
          measure: 'profit.revenue_cents',
          unit: 'money',
        },
        {
          title: { zh: '成本', en: 'Cost of goods' },
          measure: 'profit.cogs_cents',
          unit: 'money',
          minus: true,
        },
        {
          title: { zh: '毛利', en: 'Gross profit' },
          measure: 'profit.gross_profit_cents',
          unit: 'money',
        },
        {
          title: { zh: '佣金', en: 'Commission' },
          measure: 'profit.commission_cents',
          unit: 'money',
          minus: true,
        },
        {
          title: { zh: '费用', en: 'Fees' },
          measure: 'profit.fee_cents',
          unit: 'money',
          minus: true,
        },
        {
          title: { zh: '净利', en: 'Net profit' },
          measure: 'profit.net_profit_cents',
          unit: 'money',
          strong: true,
        },
        {
          title: { zh: '净利率', en: 'Net margin' },
          measure: 'profit.net_margin',
          unit: 'ratio',
          bar: true,
        },
      ],
      top: 20,
      width: 12,
      wide: { width: 16, order: 3 },
    },
    {
      show: 'series',
      key: 'gross-margin',
      title: { zh: '毛利率', en: 'Gross margin' },
      measure: 'profit.gross_margin',
      unit: 'ratio',
      gaps: true,
      width: 6,
      wide: { width: 8, order: 4 },
    },
    {
      show: 'series',
      key: 'net-margin',
      title: { zh: '净利率', en: 'Net margin' },
      measure: 'profit.net_margin',
      unit: 'ratio',
      gaps: true,
      width: 6,
      wide: { width: 8, order: 5 },
    },
  ],
})
