import { lately, often, segments } from './customer-classes.ts'
import { defineDashboard } from './define.ts'
import { segment } from './filters.ts'

export default defineDashboard({
  slug: 'customers',
  icon: 'people',
  letter: 'u',
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
      cohorts: 18,
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
