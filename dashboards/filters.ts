import type { Filter } from './define.ts'

/** Filters that several dashboards share: the same word in the address means the same everywhere. */
export const channel: Filter = {
  name: 'channel',
  title: { zh: '渠道', en: 'Channel' },
  members: {
    sales: 'sales.channel',
    profit: 'profit.channel',
    conversion: 'conversion.channel',
    conversion_cohort: 'conversion_cohort.channel',
    order_lines: 'order_lines.channel',
  },
  choices: { measure: 'sales.revenue_cents', id: 'sales.channel', name: 'sales.channel_name' },
}

export const region: Filter = {
  name: 'region',
  title: { zh: '大区', en: 'Region' },
  members: {
    sales: 'sales.region',
    profit: 'profit.region',
    distributors: 'distributors.region',
    distributor_performance: 'distributor_performance.region',
    conversion_cohort: 'conversion_cohort.region',
    order_lines: 'order_lines.region',
  },
  choices: { measure: 'sales.revenue_cents', id: 'sales.region', name: 'sales.region' },
}

export const distributor: Filter = {
  name: 'distributor',
  title: { zh: '经销商', en: 'Distributor' },
  members: {
    sales: 'sales.distributor_id',
    profit: 'profit.distributor_id',
    distributors: 'distributors.distributor_id',
    distributor_performance: 'distributor_performance.distributor_id',
    conversion: 'conversion.distributor_id',
    conversion_cohort: 'conversion_cohort.distributor_id',
    order_lines: 'order_lines.distributor_id',
  },
  choices: {
    measure: 'sales.revenue_cents',
    id: 'sales.distributor_id',
    name: 'sales.distributor',
  },
}

export const category: Filter = {
  name: 'category',
  title: { zh: '类目', en: 'Category' },
  members: {
    sales: 'sales.category',
    profit: 'profit.category',
    products: 'products.category',
    product_velocity: 'product_velocity.category',
    order_lines: 'order_lines.category',
  },
  choices: { measure: 'sales.revenue_cents', id: 'sales.category', name: 'sales.category' },
}

export const product: Filter = {
  name: 'product',
  title: { zh: '商品', en: 'Product' },
  members: {
    sales: 'sales.product_id',
    profit: 'profit.product_id',
    products: 'products.product_id',
    product_velocity: 'product_velocity.product_id',
    order_lines: 'order_lines.product_id',
  },
  choices: { measure: 'sales.revenue_cents', id: 'sales.product_id', name: 'sales.product' },
}

export const promo: Filter = {
  name: 'promo',
  title: { zh: '推广链接', en: 'Promo link' },
  members: {
    conversion: 'conversion.promo_code',
    conversion_cohort: 'conversion_cohort.promo_code',
  },
  choices: {
    measure: 'conversion.visits',
    id: 'conversion.promo_code',
    name: 'conversion.promo_code',
  },
}

export const segment: Filter = {
  name: 'segment',
  title: { zh: '客户类型', en: 'Customer type' },
  members: {
    customers: 'customers.customer_segment',
    sales: 'sales.customer_segment',
    order_lines: 'order_lines.customer_segment',
  },
  choices: {
    measure: 'sales.revenue_cents',
    id: 'sales.customer_segment',
    name: 'sales.customer_segment',
  },
}

export const customer: Filter = {
  name: 'customer',
  title: { zh: '客户', en: 'Customer' },
  members: {
    sales: 'sales.customer_id',
    profit: 'profit.customer_id',
    order_lines: 'order_lines.customer_id',
  },
  choices: { measure: 'sales.revenue_cents', id: 'sales.customer_id', name: 'sales.customer' },
}
