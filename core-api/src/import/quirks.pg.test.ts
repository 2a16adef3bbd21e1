import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../test/database.ts'
import {
  booksOf,
  csvOf,
  importFiles,
  importRows,
  openBooks,
  type Row,
  shop,
} from '../../test/history.ts'

let database: Database

beforeAll(async () => {
  database = await openBooks()
})
afterAll(() => database.drop())

function books({ source }: { source: string }) {
  return booksOf(database, source)
}

async function shelf({ source }: { source: string }, sku: string): Promise<number> {
  const [row] = await database.owner<{ on_hand: number }[]>`
    select on_hand
    from stock_level
    join sku on sku.id = stock_level.sku_id
    join warehouse on warehouse.id = stock_level.warehouse_id
    where sku.code = ${sku} and warehouse.code = ${source}
  `
  return row?.on_hand ?? 0
}

describe('what other shops’ files hold', () => {
  test('a return gives the money back and puts the goods on the shelf at what they cost', async () => {
    const map = shop()
    const rows: Row[] = [{ Pieces: 5 }, { Order: 'O-2', Pieces: -2, Customer: '' }]
    await importRows(database.url, rows, map)
    expect(await books(map)).toEqual({
      sales: '-5000',
      refund: '2000',
      cash: '3000',
      cogs: '1200',
      inventory: '800',
      purchase_clearing: '-2000',
    })
    expect(await shelf(map, 'PEN')).toBe(2)
  })

  test('a negative line inside an order is a credit note beside it', async () => {
    const map = shop()
    await importRows(database.url, [{ Pieces: 5 }, { Pieces: -1 }], map)
    const orders = await database.owner`
      select sales_order.kind, external_id, total_cents, state
      from sales_order
      join channel on channel.id = sales_order.channel_id
      where channel.code = ${map.source}
      order by sales_order.kind
    `
    expect(orders).toEqual([
      { kind: 'return', external_id: 'O-1-R', total_cents: '1000', state: 'completed' },
      { kind: 'sale', external_id: 'O-1', total_cents: '5000', state: 'completed' },
    ])
  })

  test('write-offs take from what was there before: no shelf is ever below nothing', async () => {
    const map = shop()
    const gone = (day: string, pieces: number): Row => ({
      Order: `W-${day}`,
      At: `2026-03-${day} 09:00`,
      Sku: `GONE-${map.source}`,
      Pieces: pieces,
      Price: 0,
    })
    await importRows(database.url, [gone('02', -7), gone('05', -3), gone('04', -5)], map)
    const lowest = await database.owner<{ balance: number; at_first: number }[]>`
      select min(balance)::int as balance, max(balance)::int as at_first
      from (
        select sum(on_hand_delta) over (partition by sku_id order by at, stock_move.id) as balance
        from stock_move
        join warehouse on warehouse.id = stock_move.warehouse_id
        where warehouse.code = ${map.source}
      ) as running
    `
    expect(lowest[0]).toEqual({ balance: 0, at_first: 15 })
    expect(await books(map)).toEqual({})
  })

  test('bad debt at a negative price is in the books and in no order', async () => {
    const map = shop()
    await importRows(database.url, [{ Order: 'A-1', Sku: 'B', Price: '-11062.06' }], map)
    expect(await books(map)).toEqual({ bad_debt: '1106206', cash: '-1106206' })
  })

  test('freight, a voucher and a service are not products', async () => {
    const map = shop()
    const rows: Row[] = [
      { Sku: 'A1', Price: '10.00' },
      { Sku: 'A2', Price: '20.00' },
      { Sku: 'A3', Price: '0.01' },
      { Sku: 'WRAP', Price: '3.00' },
      { Sku: 'FREIGHT', Price: '5.00' },
      { Sku: 'VOUCHER', Price: '-10.00' },
    ]
    expect(await importRows(database.url, rows, map)).toMatchObject({ written: 6, rejected: 0 })
    expect(await books(map)).toMatchObject({
      sales: '-3301',
      shipping_income: '-500',
      discount: '1000',
      cash: '2801',
    })
    const lines = await database.owner<{ sku: string; discount_cents: string }[]>`
      select sku.code as sku, order_line.discount_cents
      from order_line
      join sku on sku.id = order_line.sku_id
      join sales_order on sales_order.id = order_line.order_id
      join channel on channel.id = sales_order.channel_id
      where channel.code = ${map.source}
      order by line_no
    `
    expect(lines.map(({ sku, discount_cents }) => `${sku} ${discount_cents}`)).toEqual([
      'A1 303',
      'A2 606',
      'A3 0',
      'WRAP 91',
    ])
    expect(await database.owner`select code from sku where code in ('FREIGHT', 'VOUCHER')`).toEqual(
      [],
    )
  })

  test('a voucher above its order is refused', async () => {
    const map = shop()
    const rows: Row[] = [{ Price: '5.00' }, { Sku: 'VOUCHER', Price: '-10.00' }]
    const outcome = await importRows(database.url, rows, map)
    expect(outcome).toMatchObject({ written: 0, rejected: 2 })
    expect(outcome.report[0]).toMatchObject({ code: 'DISCOUNT_TOO_LARGE' })
  })

  test('a product has the name its lines use most', async () => {
    const map = shop()
    const names = ['Gel pen', 'gel pen?', 'Gel pen ', '', 'damaged']
    const rows = names.map((Name, index): Row => ({ Order: `N-${index}`, Sku: 'GEL', Name }))
    await importRows(database.url, rows, map)
    expect(await database.owner`select name from product where code = 'GEL'`).toEqual([
      { name: 'Gel pen' },
    ])
  })

  test('headers in one file, lines in another', async () => {
    const map = shop({
      headers: { file: '^orders', key: 'id', line_key: 'order_id' },
      currency: { constant: 'CNY' },
      document: 'number',
      at: { column: ['day', 'time'], format: 'D.M.YYYY H:mm' },
      sku: { code: 'item' },
      quantity: 'pieces',
      amount: { unit_price: 'price' },
      cost: { total: 'cost' },
      shipping: 'freight',
      order_discount: 'off',
      customer: { code: 'buyer' },
      distributor: { levels: ['region', 'agent'], grades: ['region', 'agent'] },
      rules: [],
      format: { delimiter: ';', decimal: ',', group: '.' },
    })
    const files = {
      'orders.csv':
        'id;number;day;time;buyer;region;agent;freight;off\n7;R-7;1.4.2026;9:05;BOB;South;Li;"4,50";"1,00"\n',
      'lines.csv.gz':
        'order_id;item;pieces;price;cost\n7;CUP;2;"1.000,25";"900,00"\n7;MUG;1;5;2\n8;MUG;1;5;2\n',
    }
    const outcome = await importFiles(database.url, files, map)
    expect(outcome).toMatchObject({ read: 3, written: 2, rejected: 1 })
    expect(outcome.report[0]).toMatchObject({ file: 'lines.csv.gz', line: 4, code: 'MALFORMED' })
    expect(await books(map)).toMatchObject({
      sales: '-200550',
      shipping_income: '-450',
      discount: '100',
      cogs: '90200',
    })
    const [agent] = await database.owner`
      select agent.name, agent.grade, parent.name as parent
      from distributor as agent
      join distributor as parent on parent.id = agent.parent_id
      where agent.code = 'South/Li'
    `
    expect(agent).toEqual({ name: 'Li', grade: 'agent', parent: 'South' })
  })

  test('JSON lines and Arrow say the same as CSV', async () => {
    const map = shop()
    const rows: Row[] = [{ Price: '9.99' }, { Order: 'O-2', Pieces: 2, Customer: '' }]
    await importRows(database.url, rows, map)
    const [names = '', ...lines] = csvOf(rows).trimEnd().split('\n')
    const objects = lines.map((line) => {
      const cells: string[] = JSON.parse(`[${line}]`)
      return Object.fromEntries(names.split(',').map((name, index) => [name, cells[index] ?? '']))
    })
    const json = objects.map((object) => JSON.stringify(object)).join('\n')
    const columns = Object.fromEntries(
      names.split(',').map((name) => [name, objects.map((object) => object[name] ?? '')]),
    )
    const arrow = Buffer.from(tableToIPC(tableFromArrays(columns)))
    for (const [name, content] of [
      ['a.jsonl.gz', json],
      ['a.arrow', arrow],
    ] as const) {
      expect(await importFiles(database.url, { [name]: content }, map)).toMatchObject({
        written: 0,
        already_there: 2,
      })
    }
  })
})
