import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { columnsOf } from './expression.ts'
import { lineMaker } from './line.ts'
import { isRefused, type Line, type Refused } from './staged.ts'
import { parseMap } from './map.ts'

const instance = { currency: 'GBP', minor_digits: 2, time_zone: 'Europe/London' }
const retail = JSON.parse(
  await readFile(new URL('maps/online-retail.map.json', import.meta.url), 'utf8'),
)
const usual = {
  InvoiceNo: '536365',
  StockCode: '85123a',
  Description: ' WHITE HEART ',
  Quantity: '6',
  InvoiceDate: '2010-12-01T08:26:00',
  UnitPrice: '2.55',
  CustomerID: '17850',
  Country: 'United Kingdom',
}

/** One line of Online Retail, changed as a test needs it, through its map, changed likewise. */
function read(row: Record<string, string> = {}, change: object = {}): Line | Refused {
  const cells: Record<string, string> = { ...usual, ...row }
  const map = parseMap(JSON.stringify({ ...retail, ...change }), 'test.map.json')
  const names = Object.keys(cells)
  const toLine = lineMaker(map, columnsOf(names, 'test.csv'), instance)
  return toLine(names.map((name) => cells[name] ?? ''))
}

function codeOf(result: Line | Refused): string {
  return isRefused(result) ? `${result.problem.field} ${result.problem.code}` : 'accepted'
}

test('an ordinary line: code folded, name trimmed, amount of the whole line', () => {
  expect(read()).toMatchObject({
    document: '536365',
    kind: 'sale',
    role: 'goods',
    sku: '85123A',
    sku_name: 'WHITE HEART',
    quantity: 6n,
    unit_price_cents: 255n,
    list_cents: 1530n,
    total_cents: 1530n,
    cost_cents: null,
    customer: '17850',
    distributor: 'United Kingdom',
    at: '2010-12-01 08:26:00',
  })
})

describe('what is no plain sale', () => {
  test('a cancellation with a number of its own is a return of positive pieces', () => {
    expect(read({ InvoiceNo: 'C536379', Quantity: '-1', UnitPrice: '27.50' })).toMatchObject({
      kind: 'return',
      external_id: 'C536379',
      quantity: 1n,
      total_cents: 2750n,
    })
  })

  test('a negative line inside an order is a return beside the sale, under a number of its own', () => {
    const rules = [{ when: { quantity: 'negative' }, then: { kind: 'return' } }]
    expect(read({ Quantity: '-2' }, { rules })).toMatchObject({
      document: '536365',
      kind: 'return',
      external_id: '536365-R',
      quantity: 2n,
      total_cents: 510n,
    })
    expect(read({}, { rules })).toMatchObject({ kind: 'sale', external_id: '536365' })
  })

  test('returns that are told by a column and written with positive numbers', () => {
    const rules = [
      {
        when: { column: 'Type', matches: '^refund$' },
        then: { kind: 'return', amounts: 'positive' },
      },
    ]
    expect(read({ Type: 'refund' }, { rules })).toMatchObject({ kind: 'return', quantity: 6n })
    expect(codeOf(read({ Type: 'refund', Quantity: '-6' }, { rules }))).toBe('quantity SIGN')
  })

  test('pieces that vanish for nothing are written off, pieces that turn up come in', () => {
    expect(read({ Quantity: '-7', UnitPrice: '0.00' })).toMatchObject({
      kind: 'write_off',
      quantity: 7n,
      total_cents: 0n,
    })
    const rules = [{ when: { price: 'zero' }, then: { kind: 'write_off' } }]
    expect(read({ Quantity: '7', UnitPrice: '0' }, { rules })).toMatchObject({ quantity: -7n })
  })

  test('bad debt at a negative price is an adjustment of the books, to the penny', () => {
    const row = { InvoiceNo: 'A563186', StockCode: 'B', Quantity: '1', UnitPrice: '-11062.06' }
    expect(read(row)).toMatchObject({
      kind: 'adjustment',
      account: 'bad_debt',
      total_cents: -1_106_206n,
    })
  })

  test('a platform’s fee is an adjustment, also when it is written as a cancellation', () => {
    const row = {
      InvoiceNo: 'C537630',
      StockCode: 'AMAZONFEE',
      Quantity: '-1',
      UnitPrice: '13541.33',
    }
    expect(read(row)).toMatchObject({
      kind: 'adjustment',
      account: 'fee',
      total_cents: -1_354_133n,
    })
  })

  test('postage is freight and no product; a manual line is a service; freight for nothing a line', () => {
    expect(read({ StockCode: 'POST' })).toMatchObject({ role: 'shipping', is_service: true })
    expect(read({ StockCode: 'm' })).toMatchObject({ role: 'goods', is_service: true, sku: 'M' })
    expect(read({ StockCode: 'POST', UnitPrice: '0' })).toMatchObject({
      role: 'goods',
      is_service: true,
    })
  })

  test('a price of nothing is still an order line', () => {
    expect(read({ UnitPrice: '0.00' })).toMatchObject({ kind: 'sale', total_cents: 0n })
  })

  test('a line without a customer belongs to the one who stands for the unknown', () => {
    expect(read({ CustomerID: '' })).toMatchObject({ customer: 'walk-in', country: null })
  })
})

describe('a line is refused with a reason', () => {
  test.each<[string, Record<string, string>, object, string]>([
    ['no order', { InvoiceNo: ' ' }, {}, 'document MISSING'],
    ['no sku', { StockCode: '' }, {}, 'sku MISSING'],
    ['half a piece', { Quantity: '1.5' }, {}, 'quantity NO_NUMBER'],
    ['words for a price', { UnitPrice: 'free' }, {}, 'amount/unit_price NO_NUMBER'],
    ['another date', { InvoiceDate: '01/12/2010' }, {}, 'at NO_DATE'],
    ['30 February', { InvoiceDate: '2011-02-30T08:00:00' }, {}, 'at NO_DATE'],
    ['no pieces', { Quantity: '0' }, {}, 'quantity SIGN'],
    ['a cancellation that adds', { InvoiceNo: 'C1', Quantity: '3' }, {}, 'quantity SIGN'],
    ['a negative price', { UnitPrice: '-2' }, {}, 'amount SIGN'],
    ['negative pieces that no rule explains', { Quantity: '-1' }, { rules: [] }, 'quantity SIGN'],
    ['beyond what can be kept', { UnitPrice: '99999999999999999' }, {}, 'amount TOO_LARGE'],
    ['another currency', { Money: 'EUR' }, { currency: 'Money' }, 'currency OTHER_CURRENCY'],
    ['no currency', { Money: '' }, { currency: 'Money' }, 'currency OTHER_CURRENCY'],
    ['a channel nobody declared', { Via: 'fax' }, { channel: 'Via' }, 'channel UNKNOWN'],
    [
      'what the map refuses',
      { StockCode: 'TEST1' },
      { rules: [{ when: { sku: '^TEST' }, then: { refuse: 'a test' } }] },
      'rules REFUSED',
    ],
  ])('%s', (_, row, change, expected) => {
    expect(codeOf(read(row, change))).toBe(expected)
  })

  test('and the rest of its order is known by its number', () => {
    expect(read({ UnitPrice: 'free' })).toMatchObject({ document: '536365' })
  })
})

describe('amounts', () => {
  test('after discount, with the rate: the total stays, the list price is worked out', () => {
    const change = {
      amount: { total: 'Sales', discount_rate: 'Off' },
      cost: { profit: 'Profit' },
    }
    expect(
      read({ Sales: '957.5775', Off: '0.45', Profit: '-383.031', Quantity: '5' }, change),
    ).toMatchObject({
      list_cents: 174_105n,
      discount_cents: 78_347n,
      total_cents: 95_758n,
      cost_cents: 134_061n,
      unit_price_cents: 34_821n,
    })
  })

  test('before discount, with an amount and a rate: each cent is taken off once', () => {
    const change = {
      amount: { unit_price: 'UnitPrice', discount: 'Voucher', discount_rate: 'Off' },
      cost: { unit: 'Cost' },
    }
    expect(read({ Voucher: '1.00', Off: '0.1', Cost: '1.205' }, change)).toMatchObject({
      list_cents: 1530n,
      discount_cents: 253n,
      total_cents: 1277n,
      cost_cents: 723n,
    })
  })

  test('a fraction of a penny is rounded once, on the whole line', () => {
    expect(read({ UnitPrice: '0.001', Quantity: '1' })).toMatchObject({ total_cents: 0n })
    expect(read({ UnitPrice: '0.001', Quantity: '6' })).toMatchObject({ total_cents: 1n })
  })
})

test('places, channels and sellers by column, by constant, by table and by lot', () => {
  const change = {
    warehouse: { column: 'Country', values: { 'United Kingdom': 'main' }, otherwise: 'main' },
    channel: { spread: { web: 3, store: 1 } },
    channels: [
      { code: 'web', name: 'Web' },
      { code: 'store', name: 'Store' },
    ],
    distributor: { levels: [{ constant: 'Europe' }, 'Country', 'City'] },
  }
  expect(read({ City: 'York/North' }, change)).toMatchObject({
    warehouse: 'main',
    distributor: 'Europe/United Kingdom/York-North',
  })
  const channels = Array.from({ length: 400 }, (_, index) =>
    read({ InvoiceNo: `${index}`, City: '' }, change),
  )
  const stores = channels.filter((line) => !isRefused(line) && line.channel === 'store').length
  expect(stores).toBeGreaterThan(60)
  expect(stores).toBeLessThan(140)
  expect(channels[7]).toEqual(read({ InvoiceNo: '7', City: '' }, change))
})
