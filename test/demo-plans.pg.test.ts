/** What the demo has beside its sales: goals from what was sold, notes, and links that its market's past has followed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runToEnd } from '../local/child.ts'
import { handOutLinks } from '../local/demo-links.ts'
import { makePlans } from '../local/demo-plans.ts'
import { root } from '../local/root.ts'
import { folder, openInstance, runImport, superstore } from './history.ts'

const LINES = 400
const DAYS = '40'

test('goals follow from what was sold, links are followed, and all of it is done once', async () => {
  const instance = await openInstance('USD', 'America/New_York')
  const { sql } = instance
  const csv = join(folder, 'some.csv')
  const lines = readFileSync(superstore.files[0] ?? '', 'utf8').split('\n')
  writeFileSync(csv, `${lines.slice(0, LINES + 1).join('\n')}\n`)
  await runImport(instance, { ...superstore, files: [csv] })
  await sql`
    insert into app_user (login, name, role, password_hash)
    values ('executive', 'E', 'executive', 'x'), ('operations', 'O', 'operations', 'x')
  `
  const sellers = ['West', 'West/California']
  const until = [
    '--until',
    new Date().toISOString(),
    '--rate',
    '0.003',
    '--seed',
    '3',
    '--days',
    DAYS,
  ]
  const post = () =>
    runToEnd('Writing a past', {
      command: process.execPath,
      args: [join(root, 'bench/market/history.ts'), ...until],
      env: { PATH: process.env.PATH ?? '', DATABASE_URL: instance.url },
      log: join(folder, 'past.log'),
    })
  const told = async () => {
    const [row] = await sql<[{ goals: number; notes: number; links: number }]>`
      select (select count(*)::int from goal) as goals, (select count(*)::int from annotation) as notes,
        (select count(*)::int from promo_link) as links
    `
    return row
  }

  await handOutLinks(sql, sellers)
  await post()
  await makePlans(sql, sellers)
  const first = await told()
  expect(first).toMatchObject({ links: 4 })
  expect(first.goals).toBeGreaterThan(10)
  expect(first.notes).toBeGreaterThan(1)
  await handOutLinks(sql, sellers)
  await makePlans(sql, sellers)
  expect(await told()).toEqual(first)

  const followed = await sql<{ code: string; visits: number; strangers: number }[]>`
    select code, count(funnel_event.id)::int as visits,
      (count(funnel_event.id) filter (where funnel_event.distributor_id <> promo_link.distributor_id))::int as strangers
    from promo_link
    left join funnel_event on promo_code = code and step = 'visit'
    group by code
  `
  for (const { code, visits, strangers } of followed) {
    expect([code, visits > 0, strangers]).toEqual([code, true, 0])
  }

  // The company's goal of today beside the week before, as plain sums say it.
  const [beside] = await sql<[{ share: string }]>`
    select round(target / per_day, 3) as share
    from goal
    cross join lateral (
      select -sum(amount_cents) as per_day
      from journal_entry
      where account in ('sales', 'shipping_income', 'discount', 'refund') and business_day = goal.starts_on - 1
        and order_id in (select id from sales_order)
    ) as yesterday
    where period = 'day' and distributor_id is null and measure = 'sales.revenue_cents'
    order by starts_on
    limit 1
  `
  expect(Number(beside.share)).toBeGreaterThanOrEqual(1.05)
  expect(Number(beside.share)).toBeLessThan(1.16)
  await instance.close()
}, 180_000)
