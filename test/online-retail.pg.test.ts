/**
 * The test of scale: 541,909 real lines, and totals that were worked out independently in exact decimals.
 * Chen, D. (2015). Online Retail [Dataset]. UCI Machine Learning Repository. doi 10.24432/C5BW33. CC BY 4.0.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Instance, openInstance, retail, runImport } from './history.ts'

const IMPORT_MS_MAX = 600_000

if (retail === null) {
  console.warn(
    'SKIPPED: Online Retail is not here; set ONLINE_RETAIL_DIR to its folder to run this',
  )
}

type Amount = { rounded_lines_pence: number }
type Totals = {
  total: {
    lines: number
    invoices: number
    sale_invoices: number
    cancellation_invoices: number
    customers: number
    lines_without_customer: number
    units: number
    all_lines: Amount
    sale: Amount
    cancellation: Amount
    adjustment: Amount
  }
  months: Record<string, { all_lines: Amount; sale: Amount; cancellation: Amount }>
  days: Record<string, { exact_gbp: string }>
  top_countries_by_all_lines_value: (Amount & { country: string })[]
  top_customers_by_all_lines_value: (Amount & { customer: string; units: number })[]
  top_products_upper: { by_units_all_lines: { product: string; units: number }[] }
}

describe.skipIf(retail === null)('Online Retail', () => {
  let instance: Instance
  let totals: Totals

  beforeAll(async () => {
    if (retail === null) return
    totals = JSON.parse(readFileSync(retail.totals, 'utf8'))
    instance = await openInstance('GBP', 'Europe/London')
    const { code, last } = await runImport(instance, retail)
    expect(last).toMatchObject({
      read: totals.total.lines,
      written: totals.total.lines,
      already_there: 0,
      rejected: 0,
    })
    expect(code).toBe(0)
    // Every document's kind as the totals have it, and the money of its lines: all that came in or went out.
    await instance.sql`
      create temp table paid as
      select left(document.document, 1) in ('A', 'C') as is_undone, document.document,
        journal_entry.business_day, distributor.code as country, customer.code as customer,
        -journal_entry.amount_cents as cents
      from journal_entry
      join journal_txn on journal_txn.id = journal_entry.txn_id
      left join import_document as of_order on of_order.order_id = journal_entry.order_id
      left join import_document as of_txn
        on journal_txn.source_type = 'import' and of_txn.id = journal_txn.source_id
      cross join lateral (select coalesce(of_order.document, of_txn.document) as document) as document
      join distributor on distributor.id = journal_entry.distributor_id
      left join customer on customer.id = journal_entry.customer_id
      where document.document is not null
        and (account in ('sales', 'shipping_income', 'discount', 'refund')
          or (journal_txn.source_type = 'import' and account <> 'cash'))
    `
  }, IMPORT_MS_MAX)
  afterAll(() => instance?.close())

  test('sales, cancellations and adjustments to the penny', async () => {
    const rows = await instance.sql<{ kind: string; pence: string }[]>`
      select case left(document, 1) when 'A' then 'adjustment' when 'C' then 'cancellation' else 'sale' end as kind,
        sum(cents)::text as pence
      from paid group by 1 order by 1
    `
    const { adjustment, cancellation, sale, all_lines } = totals.total
    expect(rows.map(({ kind, pence }) => [kind, Number(pence)])).toEqual([
      ['adjustment', adjustment.rounded_lines_pence],
      ['cancellation', cancellation.rounded_lines_pence],
      ['sale', sale.rounded_lines_pence],
    ])
    const [cash] = await instance.sql`
      select sum(amount_cents)::text as pence from journal_entry where account = 'cash'
    `
    expect(Number(cash?.pence)).toBe(all_lines.rounded_lines_pence)
  })

  test('every month, sold and undone', async () => {
    const rows = await instance.sql<
      { month: string; sale: string; cancellation: string; all: string }[]
    >`
      select to_char(business_day, 'YYYY-MM') as month,
        coalesce(sum(cents) filter (where document ~ '^[0-9]'), 0)::text as sale,
        coalesce(sum(cents) filter (where document ~ '^C'), 0)::text as cancellation, sum(cents)::text as all
      from paid group by 1 order by 1
    `
    expect(
      rows.map(({ month, sale, cancellation, all }) => [month, +sale, +cancellation, +all]),
    ).toEqual(
      Object.entries(totals.months).map(([month, { sale, cancellation, all_lines }]) => [
        month,
        sale.rounded_lines_pence,
        cancellation.rounded_lines_pence,
        all_lines.rounded_lines_pence,
      ]),
    )
  })

  test('every day that had lines', async () => {
    const rows = await instance.sql<{ day: string; pence: string }[]>`
      select business_day::text as day, sum(cents)::text as pence from paid group by 1 order by 1
    `
    const days = new Map(rows.map(({ day, pence }) => [day, Number(pence)]))
    for (const [day, { exact_gbp }] of Object.entries(totals.days)) {
      // Four lines of a tenth of a penny round to nothing.
      expect([day, Math.round(Number(exact_gbp) * 100)]).toEqual([day, days.get(day) ?? 0])
    }
  })

  test('the ten largest countries and the ten largest customers', async () => {
    for (const { country, rounded_lines_pence } of totals.top_countries_by_all_lines_value) {
      const [row] =
        await instance.sql`select sum(cents)::text as pence from paid where country = ${country}`
      expect([country, Number(row?.pence)]).toEqual([country, rounded_lines_pence])
    }
    for (const { customer, rounded_lines_pence } of totals.top_customers_by_all_lines_value) {
      const [row] =
        await instance.sql`select sum(cents)::text as pence from paid where customer = ${customer}`
      expect([customer, Number(row?.pence)]).toEqual([customer, rounded_lines_pence])
    }
  })

  test('invoices, customers, and the pieces of the best sellers, write-offs included', async () => {
    const [counts] = await instance.sql`
      select count(distinct document)::int as invoices,
        count(distinct document) filter (where document ~ '^[0-9]')::int as sale_invoices,
        count(distinct document) filter (where document ~ '^C')::int as cancellation_invoices,
        sum(lines)::int as lines,
        (select count(*)::int from customer where code <> 'walk-in') as customers
      from import_document
    `
    const { invoices, sale_invoices, cancellation_invoices, lines, customers } = totals.total
    expect(counts).toEqual({ invoices, sale_invoices, cancellation_invoices, lines, customers })

    for (const { product, units } of totals.top_products_upper.by_units_all_lines) {
      const [row] = await instance.sql`
        select coalesce(sum(case kind when 'issue' then -on_hand_delta when 'return' then -on_hand_delta
          when 'adjust' then on_hand_delta end), 0)::int as units
        from stock_move
        join sku on sku.id = stock_move.sku_id
        where sku.code = ${product}
      `
      expect([product, row?.units]).toEqual([product, units])
    }
  })

  test('the books balance, levels are their moves, and no shelf was ever below nothing', async () => {
    const { sql } = instance
    expect(await sql`select * from stock_level_difference`).toEqual([])
    expect(
      await sql`select txn_id from journal_entry group by 1 having sum(amount_cents) <> 0`,
    ).toEqual([])
    const below = await sql`
      select sku_id from (
        select sku_id, sum(on_hand_delta) over (partition by sku_id order by at) as balance from stock_move
      ) as running
      where balance < 0 limit 1
    `
    expect(below).toEqual([])
  })

  test(
    'a second run writes nothing',
    async () => {
      if (retail === null) return
      const { last } = await runImport(instance, retail)
      expect(last).toMatchObject({ written: 0, already_there: totals.total.lines, rejected: 0 })
    },
    IMPORT_MS_MAX,
  )
})
