import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  digest,
  folder,
  type Instance,
  openInstance,
  reportFile,
  retailMap,
  runImport,
  type Source,
  superstore,
} from './history.ts'

const LINES = 24_000

describe('Superstore', () => {
  let instance: Instance
  beforeAll(async () => {
    instance = await openInstance('USD', 'America/New_York')
    const rules = [
      { level: 1, rate_bps: 500 },
      { level: 2, rate_bps: 150 },
    ]
    await instance.sql`insert into commission_rule ${instance.sql(rules)}`
  })
  afterAll(() => instance.close())

  test('comes in whole, and its sums are the ones worked out beforehand', async () => {
    const { code, last } = await runImport(instance, superstore)
    expect(last).toMatchObject({ import: 'superstore', read: 9_994, written: 9_994, rejected: 0 })
    expect(code).toBe(0)
    const [sums] = await instance.sql`
      select sum(total_cents)::text as sales, sum(total_cents - cost_cents)::text as profit,
        sum(quantity)::int as pieces, count(distinct order_id)::int as orders, count(distinct sku_id)::int as skus
      from order_line
    `
    expect(sums).toEqual({
      sales: '229720107',
      profit: '28639779',
      pieces: 37_873,
      orders: 5_009,
      skus: 1_862,
    })
    const regions = await instance.sql`
      select split_part(distributor.code, '/', 1) as region, count(*)::int as orders
      from sales_order join distributor on distributor.id = sales_order.distributor_id
      group by 1 order by 1
    `
    expect(regions.map(({ region, orders }) => `${region} ${orders}`)).toEqual([
      'Central 1175',
      'East 1401',
      'South 822',
      'West 1611',
    ])
    expect(await instance.sql`select * from stock_level_difference`).toEqual([])
  })

  test('the last of its days is yesterday', async () => {
    const [row] = await instance.sql`
      select max(business_day(placed_at)) = business_day(now()) - 1 as is_yesterday from sales_order
    `
    expect(row?.is_yesterday).toBe(true)
  })

  test('a second run writes nothing', async () => {
    const before = await digest(instance)
    const { last } = await runImport(instance, superstore)
    expect(last).toMatchObject({ written: 0, already_there: 9_994, rejected: 0 })
    expect(await digest(instance)).toEqual(before)
  })
})

describe('killed in the middle', () => {
  const source: Source = { files: [join(folder, 'mixed.csv')], map: retailMap }
  let whole: Awaited<ReturnType<typeof digest>>

  beforeAll(async () => {
    writeFileSync(join(folder, 'mixed.csv'), mixedHistory(LINES))
    const instance = await openInstance('GBP', 'Europe/London')
    const { last } = await runImport(instance, source)
    expect(last).toMatchObject({ read: LINES, written: LINES })
    whole = await digest(instance)
    await instance.close()
  })

  test.each([0, 1, 12_000])(
    'when more than %i lines are in, and run again: it is as if it had never been killed',
    async (lines) => {
      const instance = await openInstance('GBP', 'Europe/London')
      const first = await runImport(instance, source, lines)
      expect(first.code).toBe(null)
      const { last } = await runImport(instance, source)
      expect(Number(last.written) + Number(last.already_there)).toBe(LINES)
      if (lines > 0) expect(Number(last.already_there)).toBeGreaterThanOrEqual(lines)
      expect(await digest(instance)).toEqual(whole)
      await instance.close()
    },
  )
})

/** Sales, cancellations, write-offs, freight and bad debt of two months, several transactions of them. */
function mixedHistory(lines: number): string {
  const rows = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country']
  for (let index = 0; index < lines; index += 1) {
    const invoice = 500_000 + Math.floor(index / 12)
    const kind = invoice % 10
    const day = String(1 + (Math.floor(index / (lines / 56)) % 28)).padStart(2, '0')
    const month = index < lines / 2 ? '03' : '04'
    const [number, sku, quantity, price] =
      kind === 3
        ? [`C${invoice}`, `2${index % 300}`, `-${1 + (index % 4)}`, '2.55']
        : kind === 7
          ? [`${invoice}`, `2${index % 300}`, `-${1 + (index % 9)}`, '0.00']
          : kind === 9 && index % 120 === 119
            ? [`A${invoice}`, 'B', '1', '-17.03']
            : [
                `${invoice}`,
                index % 12 === 0 ? 'POST' : `2${index % 300}`,
                `${1 + (index % 7)}`,
                '3.39',
              ]
    rows.push(
      `${number},${sku},NAME,${quantity},2011-${month}-${day}T10:00:00,${price},${index % 90 ? 1 : ''},EIRE`,
    )
  }
  return `${rows.join('\n')}\n`
}

describe('wrong usage', () => {
  test('a missing map, a missing file, no instance: one line each', async () => {
    const instance = await openInstance('EUR', 'Europe/Berlin')
    const noMap = await runImport(instance, { files: superstore.files, map: '/nowhere.json' })
    expect([noMap.code, noMap.words.trim().split('\n').length]).toEqual([2, 1])
    const noFile = await runImport(instance, { ...superstore, files: ['/nowhere.csv'] })
    expect([noFile.code, noFile.words.trim().split('\n').length]).toEqual([1, 1])
    const euros = await runImport(instance, superstore)
    expect(euros.code).toBe(1)
    expect(euros.last).toMatchObject({ read: 9_994, written: 0, rejected: 9_994 })
    const [reported = ''] = readFileSync(reportFile, 'utf8').split('\n')
    expect(JSON.parse(reported)).toMatchObject({ line: 2, code: 'OTHER_CURRENCY' })
    await instance.close()
  })
})
