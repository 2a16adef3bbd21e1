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

describe('every line is written, there already, or refused with a reason', () => {
  test('a second run writes nothing, and equal lines are both real', async () => {
    const map = shop()
    const rows: Row[] = [{}, {}, { Order: 'O-2', Pieces: 3 }]
    expect(await importRows(database.url, rows, map)).toMatchObject({
      read: 3,
      written: 3,
      already_there: 0,
      rejected: 0,
    })
    const before = await books(map)
    expect(before).toMatchObject({ sales: '-5000', cash: '5000', cogs: '2000' })
    expect(await importRows(database.url, rows, map)).toMatchObject({
      written: 0,
      already_there: 3,
      rejected: 0,
    })
    expect(await books(map)).toEqual(before)
  })

  test('a later file adds what is new in it', async () => {
    const map = shop()
    await importRows(database.url, [{}], map)
    const outcome = await importRows(database.url, [{}, { Order: 'O-9' }], map)
    expect(outcome).toMatchObject({ read: 2, written: 1, already_there: 1 })
  })

  test('a line that is wrong holds back its whole order, and no other', async () => {
    const map = shop()
    const rows: Row[] = [{}, { Sku: 'INK', Price: 'dear' }, { Order: 'O-2' }]
    const outcome = await importRows(database.url, rows, map)
    expect(outcome).toMatchObject({ read: 3, written: 1, rejected: 2 })
    expect(outcome.report).toEqual([
      expect.objectContaining({
        file: 'orders.csv',
        line: 3,
        document: 'O-1',
        field: 'amount/unit_price',
        code: 'NO_NUMBER',
      }),
      expect.objectContaining({ file: 'orders.csv', line: 2, code: 'DOCUMENT_HELD' }),
    ])
    // Mended, it comes in with the next run.
    const mended = await importRows(database.url, [{}, { Sku: 'INK' }, { Order: 'O-2' }], map)
    expect(mended).toMatchObject({ written: 2, already_there: 1, rejected: 0 })
  })

  test('an order that comes again with other lines is refused, not dropped in silence', async () => {
    const map = shop()
    await importRows(database.url, [{ Pieces: 2 }], map)
    const outcome = await importRows(database.url, [{ Pieces: 3 }], map)
    expect(outcome).toMatchObject({ written: 0, already_there: 0, rejected: 1 })
    expect(outcome.report[0]).toMatchObject({ code: 'DOCUMENT_CHANGED' })
    expect(await books(map)).toMatchObject({ sales: '-2000' })
  })

  test('another currency is refused, line by line', async () => {
    const map = shop()
    const rows: Row[] = [{ Currency: 'EUR' }, { Order: 'O-2' }, { Order: 'O-3', Currency: '' }]
    const outcome = await importRows(database.url, rows, map)
    expect(outcome).toMatchObject({ written: 1, rejected: 2 })
    expect(outcome.report.map(({ line, code }) => [line, code])).toEqual([
      [2, 'OTHER_CURRENCY'],
      [4, 'OTHER_CURRENCY'],
    ])
  })

  test('a number that the channel has from elsewhere is not posted over it', async () => {
    const map = shop()
    await importRows(database.url, [{ Order: 'O-7' }], map)
    const outcome = await importRows(database.url, [{ Order: 'O-7' }], { ...map, source: 'again' })
    expect(outcome).toMatchObject({ written: 0, rejected: 1 })
    expect(outcome.report[0]).toMatchObject({ code: 'NUMBER_TAKEN' })
  })

  test('a row with a cell too many is refused where it stands', async () => {
    const map = shop()
    const csv = `${csvOf([{}]).trimEnd()}\n"O-2","2026-03-02 10:00","PEN"\n`
    const outcome = await importFiles(database.url, { 'orders.csv': csv }, map)
    expect(outcome).toMatchObject({ read: 2, written: 1, rejected: 1 })
    expect(outcome.report[0]).toMatchObject({ line: 3, code: 'MALFORMED' })
  })
})

describe('times', () => {
  test('are of the source’s zone, also where summer time begins', async () => {
    const map = shop({ time_zone: 'Europe/London' })
    await importRows(
      database.url,
      [{ At: '2026-03-28 10:00' }, { Order: 'O-2', At: '2026-03-29 10:00' }],
      map,
    )
    const rows = await database.owner`
      select placed_at from sales_order
      join channel on channel.id = sales_order.channel_id
      where channel.code = ${map.source}
      order by placed_at
    `
    expect(rows.map(({ placed_at }) => placed_at)).toEqual([
      '2026-03-28T10:00:00.000Z',
      '2026-03-29T09:00:00.000Z',
    ])
  })

  test('moved so that the last day is yesterday, and by the same days ever after', async () => {
    const map = shop({ shift: { last_day: 'yesterday' } })
    const first = await importRows(
      database.url,
      [{ At: '2020-01-01 09:00' }, { Order: 'O-2', At: '2020-01-10 23:30' }],
      map,
    )
    const [last] = await database.owner`
      select max(journal_entry.business_day)::text as day, (business_day(now()) - 1)::text as yesterday
      from journal_entry
      join channel on channel.id = journal_entry.channel_id
      where channel.code = ${map.source}
    `
    expect(last?.day).toBe(last?.yesterday)
    const second = await importRows(database.url, [{ Order: 'O-3', At: '2020-01-05 09:00' }], map)
    expect(second.days_moved).toBe(first.days_moved)
  })

  test('in the future are not yet: an order to be completed next year is shipped, no more', async () => {
    const map = shop({ shift: { last_day: 'yesterday' }, complete_after_days: 300 })
    await importRows(database.url, [{}], map)
    const [order] = await database.owner`
      select state, completed_at from sales_order
      join channel on channel.id = sales_order.channel_id
      where channel.code = ${map.source}
    `
    expect(order).toEqual({ state: 'shipped', completed_at: null })
  })
})
