import { beforeAll, expect, test } from 'vitest'
import { NOTHING_SPENT } from './clickhouse.ts'
import { createCube } from './cube.ts'
import { createToDaily, type ToDaily } from './daily.ts'
import { GRAINS, keptMembers } from './kept.ts'
import type { CubeQuery } from './query.ts'

const ZONE = 'Asia/Shanghai'
const COMPANY = { role: 'admin', rows: 'all' }
const DISTRIBUTOR = { role: 'distributor', rows: '7' }
const MONTH = ['2026-10-01', '2026-10-31']
const cube = createCube(async () => ({ rows: [], rowsBeforeLimit: 0, spent: NOTHING_SPENT }))
// Compiling takes a second, and much longer beside other tests.
const COMPILE_MS_MAX = 60_000

let toDaily: ToDaily
beforeAll(async () => {
  toDaily = createToDaily(await cube.views())
}, COMPILE_MS_MAX)

function sales(dateRange: string | string[], more: Partial<CubeQuery> = {}, granularity?: string) {
  const time = { dimension: 'sales.at', dateRange, ...(granularity && { granularity }) }
  return { measures: ['sales.revenue_cents'], timeDimensions: [time], ...more }
}

test.each([
  ['a month', sales(MONTH), 'all'],
  ['days of a month', sales(MONTH, {}, 'day'), 'day'],
  ['months of a year', sales(['2026-01-01', '2026-12-31T23:59:59'], {}, 'month'), 'month'],
  ['all that ever was', { measures: ['sales.revenue_cents'] }, 'all'],
  ['business days', sales(MONTH, { dimensions: ['sales.business_day'] }, 'month'), 'day'],
])('%s is answered from days', (_, query, bucket) => {
  expect(toDaily({ ...query, timezone: ZONE }, COMPANY, ZONE)).toMatchObject({ bucket, zone: ZONE })
})

test.each([
  ['hours', sales(MONTH, {}, 'hour')],
  ['a part of a day', sales(['2026-10-01', '2026-10-31T12:00:00'])],
  ['less than a week, which is as quick', sales(['2026-10-26', '2026-10-31'])],
  ['what moves with the clock', sales('last 30 days')],
  ['days of another zone', sales(MONTH, { timezone: 'Europe/London' })],
  ['orders one by one', sales(MONTH, { dimensions: ['sales.order_id'] })],
  ['a filter that days do not know', sales(MONTH, { filters: segment('equals') })],
  ['products by channel', sales(MONTH, { dimensions: ['sales.product_id', 'sales.channel'] })],
  ['orders that were refunded', sales(MONTH, { measures: ['sales.refunded_order_count'] })],
  ['another ledger', { measures: ['commissions.amount_cents'] }],
])('%s is answered from the entries', (_, query) => {
  expect(toDaily({ timezone: ZONE, ...query }, COMPANY, ZONE)).toBeNull()
})

test('a distributor is answered from days that know his ancestors, or from the entries', () => {
  const own = toDaily({ ...sales(MONTH), timezone: ZONE }, DISTRIBUTOR, ZONE)
  expect(own?.columns).toEqual(['ancestor_ids'])
  const products = sales(MONTH, { dimensions: ['sales.product_id'] })
  expect(toDaily({ ...products, timezone: ZONE }, COMPANY, ZONE)?.columns).toEqual(['product_id'])
  expect(toDaily({ ...products, timezone: ZONE }, DISTRIBUTOR, ZONE)).toBeNull()
})

test('periods that are compared share one table of days', () => {
  const compareDateRange = [MONTH, ['2025-10-01', '2025-10-31']]
  const query = {
    measures: ['sales.order_count'],
    timeDimensions: [{ dimension: 'sales.at', compareDateRange }],
    timezone: ZONE,
  }
  expect(toDaily(query, COMPANY, ZONE)).toMatchObject({
    bucket: 'day',
    days: { from: '2025-10-01', to: '2026-10-31' },
    withOrders: true,
  })
})

test('every member that days are said to have needs columns that one of them has', async () => {
  const members = [...keptMembers(await cube.views())]
  expect(members.length).toBeGreaterThan(50)
  for (const [name, { columns }] of members) {
    const isThere = GRAINS.some((grain) => columns.every((column) => grain.includes(column)))
    expect(isThere, name).toBe(true)
  }
})

function segment(operator: string) {
  return [{ member: 'sales.customer_segment', operator, values: ['home'] }]
}
