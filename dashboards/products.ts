import { defineDashboard } from './define.ts'
import { category, product } from './filters.ts'
import type { Flagged, Value } from './kinds.ts'

const abc: Value[] = [
  {
    id: 'A',
    title: { zh: 'A 类', en: 'A' },
    note: { zh: '前 80% 的收入', en: 'first 80 % of revenue' },
  },
  {
    id: 'B',
    title: { zh: 'B 类', en: 'B' },
    note: { zh: '80% 到 95%', en: '80 to 95 %' },
  },
  {
    id: 'C',
    title: { zh: 'C 类', en: 'C' },
    note: { zh: '其余', en: 'the rest' },
  },
]

const xyz: Value[] = [
  {
    id: 'X',
    title: { zh: '稳定', en: 'Steady' },
    note: { zh: 'X：每周差不多', en: 'X: weeks alike' },
  },
  {
    id: 'Y',
    title: { zh: '波动', en: 'Varying' },
    note: { zh: 'Y：有高有低', en: 'Y: ups and downs' },
  },
  {
    id: 'Z',
    title: { zh: '不规律', en: 'Erratic' },
    note: { zh: 'Z：难预计', en: 'Z: hard to foresee' },
  },
]

const classes: Flagged[] = abc.map((value) => ({
  ...value,
  title: { zh: value.id, en: value.id },
  tone: value.id === 'A' ? 'good' : 'note',
}))
const rhythms: Flagged[] = xyz.map((value) => ({
  ...value,
  title: { zh: value.id, en: value.id },
  tone: 'note',
}))

export default defineDashboard({
  slug: 'products',
  icon: 'box',
  roles: ['admin', 'executive', 'analyst', 'operations'],
  period: '28d',
  title: { zh: '商品', en: 'Products' },
  question: {
    zh: '什么卖得快，什么压着钱不动？',
    en: 'What sells fast, and what ties up money without moving?',
  },
  filters: [category, product],
  tiles: [
    {
      show: 'facts',
      key: 'facts',
      title: { zh: '动销现状', en: 'How goods move' },
      sub: { zh: '最近 13 周', en: 'last 13 weeks' },
      facts: [
        {
          title: { zh: '销量', en: 'Units sold' },
          measure: 'product_velocity.units',
          unit: 'count',
          beside: {
            title: { zh: '销售额', en: 'for' },
            measure: 'product_velocity.revenue_cents',
            unit: 'money',
          },
        },
        {
          title: { zh: '售罄率', en: 'Sell-through' },
          measure: 'product_velocity.sell_through',
          unit: 'ratio',
          beside: {
            title: { zh: '在库', en: 'on hand' },
            measure: 'product_velocity.on_hand',
            unit: 'count',
          },
        },
        {
          title: { zh: '还能卖', en: 'Cover' },
          measure: 'product_velocity.days_of_cover',
          unit: 'days',
          beside: {
            title: { zh: '库存', en: 'stock' },
            measure: 'product_velocity.stock_value_cents',
            unit: 'money',
          },
        },
        {
          title: { zh: '年周转次数', en: 'Turns a year' },
          measure: 'product_velocity.turnover',
          unit: 'decimal',
          beside: {
            title: { zh: '销售成本', en: 'cost of goods' },
            measure: 'product_velocity.cogs_cents',
            unit: 'money',
          },
        },
        {
          title: { zh: '呆滞库存', en: 'Dead stock' },
          measure: 'product_velocity.dead_value_cents',
          unit: 'money',
          beside: {
            title: { zh: 'SKU', en: 'SKUs' },
            measure: 'product_velocity.dead_sku_count',
            unit: 'count',
          },
        },
      ],
      width: 12,
      wide: { width: 16, order: 1 },
    },
    {
      show: 'league',
      key: 'velocity',
      title: { zh: '动销排行', en: 'Velocity' },
      sub: { zh: '最近 13 周', en: 'last 13 weeks' },
      head: { zh: '商品', en: 'Product' },
      id: 'product_velocity.sku_id',
      name: 'product_velocity.sku',
      marks: [
        { id: 'product_velocity.abc', values: classes },
        { id: 'product_velocity.xyz', values: rhythms },
      ],
      columns: [
        {
          title: { zh: '销售额', en: 'Revenue' },
          measure: 'product_velocity.revenue_cents',
          unit: 'money',
          bar: true,
        },
        {
          title: { zh: '销量', en: 'Units' },
          measure: 'product_velocity.units',
          unit: 'count',
        },
        {
          title: { zh: '售罄率', en: 'Sell-through' },
          measure: 'product_velocity.sell_through',
          unit: 'ratio',
        },
        {
          title: { zh: '年周转', en: 'Turns' },
          measure: 'product_velocity.turnover',
          unit: 'decimal',
        },
        {
          title: { zh: '还能卖', en: 'Cover' },
          measure: 'product_velocity.days_of_cover',
          unit: 'days',
          key: true,
        },
      ],
      trend: { measure: 'sales.units', id: 'sales.sku_id', days: 28 },
      top: 15,
      width: 12,
      wide: { width: 16, order: 2 },
    },
    {
      show: 'mix',
      key: 'abc',
      title: { zh: 'ABC 分类', en: 'ABC classes' },
      sub: { zh: '按累计收入', en: 'by cumulative revenue' },
      id: 'product_velocity.abc',
      values: abc,
      parts: [
        {
          title: { zh: 'SKU', en: 'SKUs' },
          measure: 'product_velocity.sku_count',
          unit: 'count',
        },
        {
          title: { zh: '销售额', en: 'Revenue' },
          measure: 'product_velocity.revenue_cents',
          unit: 'money',
        },
        {
          title: { zh: '库存金额', en: 'Stock value' },
          measure: 'product_velocity.stock_value_cents',
          unit: 'money',
        },
      ],
      width: 6,
      wide: { width: 8, order: 3 },
    },
    {
      show: 'matrix',
      key: 'matrix',
      title: { zh: '收入与规律', en: 'Revenue against rhythm' },
      sub: { zh: 'SKU 数，占收入', en: 'SKUs, share of revenue' },
      down: { title: { zh: '收入', en: 'Revenue' }, id: 'product_velocity.abc', values: abc },
      across: { title: { zh: '需求', en: 'Demand' }, id: 'product_velocity.xyz', values: xyz },
      shade: {
        title: { zh: 'SKU', en: 'SKUs' },
        measure: 'product_velocity.sku_count',
        unit: 'count',
      },
      beside: {
        title: { zh: '销售额', en: 'Revenue' },
        measure: 'product_velocity.revenue_cents',
        unit: 'money',
      },
      width: 6,
      wide: { width: 8, order: 4 },
    },
    {
      show: 'league',
      key: 'dead',
      title: { zh: '呆滞库存', en: 'Dead stock' },
      sub: { zh: '有库存，超过 90 天没卖', en: 'on hand, not sold for over 90 days' },
      head: { zh: '商品', en: 'Product' },
      id: 'product_velocity.sku_id',
      name: 'product_velocity.sku',
      only: { member: 'product_velocity.stock_state', values: ['dead'] },
      columns: [
        {
          title: { zh: '压着的钱', en: 'Tied up' },
          measure: 'product_velocity.dead_value_cents',
          unit: 'money',
          bar: true,
        },
        {
          title: { zh: '件数', en: 'Units' },
          measure: 'product_velocity.dead_units',
          unit: 'count',
        },
        {
          title: { zh: '多久没卖', en: 'Not sold for' },
          measure: 'product_velocity.idle_days',
          unit: 'days',
          key: true,
        },
      ],
      act: { title: { zh: '去库存预警处理', en: 'Act on it in the alerts' }, path: '/alerts' },
      top: 10,
      width: 6,
      wide: { width: 8, order: 5 },
    },
    {
      show: 'ranking',
      key: 'sold',
      title: { zh: '这段时间卖得最多', en: 'Sold most in this time' },
      measure: 'sales.revenue_cents',
      unit: 'money',
      id: 'sales.product_id',
      name: 'sales.product',
      top: 10,
      width: 6,
      wide: { width: 8, order: 6 },
    },
  ],
})
