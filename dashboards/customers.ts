import { defineDashboard } from './define.ts'
import { segment } from './filters.ts'
import type { Value } from './kinds.ts'

const segments: Value[] = [
  {
    id: 'champions',
    title: { zh: '冠军客户', en: 'Champions' },
    note: { zh: '最近买、买得勤；给他们新品', en: 'recent and frequent; offer what is new' },
  },
  {
    id: 'loyal',
    title: { zh: '忠诚客户', en: 'Loyal' },
    note: { zh: '常来；请他们推荐', en: 'come often; ask them to recommend' },
  },
  {
    id: 'new',
    title: { zh: '新客户', en: 'New' },
    note: { zh: '刚买第一单；促成第二单', en: 'first order lately; win the second' },
  },
  {
    id: 'promising',
    title: { zh: '潜力客户', en: 'Promising' },
    note: { zh: '最近买过，不勤；多联系', en: 'recent, not frequent; keep in touch' },
  },
  {
    id: 'cant_lose',
    title: { zh: '不可流失', en: 'Cannot lose' },
    note: { zh: '曾买得勤，久没来；亲自找', en: 'bought often, long ago; call in person' },
  },
  {
    id: 'at_risk',
    title: { zh: '有流失风险', en: 'At risk' },
    note: { zh: '渐渐不来；给个理由回来', en: 'drifting off; give a reason to return' },
  },
  {
    id: 'hibernating',
    title: { zh: '沉睡客户', en: 'Hibernating' },
    note: { zh: '久没来、买得少；少量唤醒', en: 'long ago and rare; a light nudge' },
  },
  {
    id: 'lost',
    title: { zh: '流失客户', en: 'Lost' },
    note: { zh: '最久没来；不再花钱', en: 'longest ago; spend no more on them' },
  },
]

const lately = ['5', '4', '3', '2', '1'].map((id): Value => ({
  id,
  title: { zh: id, en: id },
  ...(id === '5' && { note: { zh: '刚买过', en: 'just bought' } }),
  ...(id === '1' && { note: { zh: '最久没买', en: 'longest ago' } }),
}))
const often = ['1', '2', '3', '4', '5'].map((id): Value => ({
  id,
  title: { zh: id, en: id },
  ...(id === '1' && { note: { zh: '最少', en: 'fewest' } }),
  ...(id === '5' && { note: { zh: '最勤', en: 'most' } }),
}))

export default defineDashboard({
  slug: 'customers',
  icon: 'people',
  roles: ['admin', 'executive', 'analyst'],
  period: '28d',
  title: { zh: '客户', en: 'Customers' },
  question: {
    zh: '谁留下来了，谁在走，一个客户值多少？',
    en: 'Who stays, who leaves, and what is a customer worth?',
  },
  filters: [segment],
  tiles: [
    {
      show: 'facts',
      key: 'facts',
      title: { zh: '客户现状', en: 'Customers as they stand' },
      sub: { zh: '截至今天，近 30 天算近期', en: 'as of today; lately is the last 30 days' },
      facts: [
        {
          title: { zh: '付过款的客户', en: 'Customers who paid' },
          measure: 'customers.customer_count',
          unit: 'count',
          beside: {
            title: { zh: '订单', en: 'orders' },
            measure: 'customers.order_count',
            unit: 'count',
          },
        },
        {
          title: { zh: '新客户', en: 'New lately' },
          measure: 'customers.new_customer_count',
          unit: 'count',
          beside: {
            title: { zh: '回头客', en: 'returned' },
            measure: 'customers.returning_customer_count',
            unit: 'count',
          },
        },
        {
          title: { zh: '复购率', en: 'Repeat rate' },
          measure: 'customers.repeat_rate',
          unit: 'ratio',
          beside: {
            title: { zh: '两单以上', en: 'two orders or more' },
            measure: 'customers.repeat_customer_count',
            unit: 'count',
          },
        },
        {
          title: { zh: '人均累计价值', en: 'Lifetime value, average' },
          measure: 'customers.average_lifetime_value_cents',
          unit: 'money',
          beside: {
            title: { zh: '合计', en: 'in all' },
            measure: 'customers.lifetime_value_cents',
            unit: 'money',
          },
        },
        {
          title: { zh: '平均未购', en: 'Since the last order' },
          measure: 'customers.average_recency_days',
          unit: 'days',
        },
      ],
      width: 12,
      wide: { width: 16, order: 1 },
    },
    {
      show: 'cohort',
      key: 'cohorts',
      title: { zh: '首单批次', en: 'Cohorts' },
      cohort: 'customer_cohorts.cohort_month',
      age: 'customer_cohorts.months_since',
      ages: 12,
      size: {
        title: { zh: '客户', en: 'Customers' },
        measure: 'customer_cohorts.cohort_customers',
        unit: 'count',
      },
      ways: [
        {
          title: { zh: '留存', en: 'Retention' },
          measure: 'customer_cohorts.retention',
          unit: 'ratio',
        },
        {
          title: { zh: '客户', en: 'Customers' },
          measure: 'customer_cohorts.active_customers',
          unit: 'count',
        },
        {
          title: { zh: '收入', en: 'Revenue' },
          measure: 'customer_cohorts.revenue_cents',
          unit: 'money',
        },
        {
          title: { zh: '人均累计', en: 'Value each' },
          measure: 'customer_cohorts.value_per_customer_cents',
          unit: 'money',
        },
      ],
      width: 12,
      wide: { width: 16, order: 2 },
    },
    {
      show: 'matrix',
      key: 'rfm',
      title: { zh: '多近、多勤', en: 'How recent, how often' },
      sub: { zh: '客户数，占近一年收入', en: 'customers, share of a year of revenue' },
      down: { title: { zh: '最近', en: 'Recency' }, id: 'customers.recency_score', values: lately },
      across: {
        title: { zh: '频次', en: 'Frequency' },
        id: 'customers.frequency_score',
        values: often,
      },
      shade: {
        title: { zh: '客户', en: 'Customers' },
        measure: 'customers.customer_count',
        unit: 'count',
      },
      beside: {
        title: { zh: '近一年收入', en: 'Revenue of a year' },
        measure: 'customers.recent_revenue_cents',
        unit: 'money',
      },
      width: 5,
      wide: { width: 7, order: 3 },
    },
    {
      show: 'league',
      key: 'segments',
      title: { zh: '分群', en: 'Segments' },
      sub: { zh: '按最近与频次得分', en: 'by recency and frequency' },
      head: { zh: '分群', en: 'Segment' },
      id: 'customers.rfm_segment',
      name: 'customers.rfm_segment',
      values: segments,
      columns: [
        {
          title: { zh: '客户', en: 'Customers' },
          measure: 'customers.customer_count',
          unit: 'count',
          bar: true,
        },
        {
          title: { zh: '近一年收入', en: 'Revenue of a year' },
          measure: 'customers.recent_revenue_cents',
          unit: 'money',
          key: true,
        },
        {
          title: { zh: '人均累计', en: 'Value each' },
          measure: 'customers.average_lifetime_value_cents',
          unit: 'money',
        },
      ],
      total: true,
      top: 8,
      width: 7,
      wide: { width: 9, order: 4 },
    },
    {
      show: 'stack',
      key: 'new-returning',
      title: { zh: '新客与回头客', en: 'New and returning' },
      sub: { zh: '近 13 个月', en: 'last 13 months' },
      month: 'customer_cohorts.month',
      months: 13,
      by: {
        id: 'customer_cohorts.customer_type',
        values: [
          { id: 'returning', title: { zh: '回头客', en: 'Returning' } },
          { id: 'new', title: { zh: '新客', en: 'New' } },
        ],
      },
      ways: [
        {
          title: { zh: '收入', en: 'Revenue' },
          measure: 'customer_cohorts.revenue_cents',
          unit: 'money',
        },
        {
          title: { zh: '客户', en: 'Customers' },
          measure: 'customer_cohorts.active_customers',
          unit: 'count',
        },
        {
          title: { zh: '订单', en: 'Orders' },
          measure: 'customer_cohorts.order_count',
          unit: 'count',
        },
      ],
      width: 7,
      wide: { width: 9, order: 5 },
    },
    {
      show: 'league',
      key: 'best',
      title: { zh: '最有价值的客户', en: 'Most valuable customers' },
      head: { zh: '客户', en: 'Customer' },
      id: 'customer_profiles.customer_id',
      name: 'customer_profiles.customer',
      columns: [
        {
          title: { zh: '累计价值', en: 'Lifetime value' },
          measure: 'customer_profiles.lifetime_value_cents',
          unit: 'money',
          bar: true,
        },
        {
          title: { zh: '订单', en: 'Orders' },
          measure: 'customer_profiles.order_count',
          unit: 'count',
        },
        {
          title: { zh: '距上次', en: 'Since last' },
          measure: 'customer_profiles.average_recency_days',
          unit: 'days',
          key: true,
        },
      ],
      top: 8,
      width: 5,
      wide: { width: 7, order: 6 },
    },
  ],
})
