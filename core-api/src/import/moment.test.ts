import { describe, expect, test } from 'vitest'
import { momentParser, spreadTime } from './moment.ts'

describe('a date as people write it', () => {
  test.each([
    ['YYYY-MM-DD', '2014-01-03', '2014-01-03', false],
    ['YYYY-MM-DDTHH:mm:ss', '2010-12-01T08:26:00', '2010-12-01 08:26:00', true],
    ['DD/MM/YYYY H:mm', '01/12/2010 8:26', '2010-12-01 08:26:00', true],
    ['M/D/YYYY', '12/1/2010', '2010-12-01', false],
    ['D.M.YYYY HH:mm', '1.12.2010 08:26', '2010-12-01 08:26:00', true],
    ['MM/DD/YYYY H:mm A', '12/01/2010 8:26 PM', '2010-12-01 20:26:00', true],
    ['MM/DD/YYYY H:mm A', '12/01/2010 12:05 AM', '2010-12-01 00:05:00', true],
    ['iso', '2010-12-01T08:26:00+08:00', '2010-12-01 08:26:00+08:00', true],
    ['epoch_s', '1291191960', '2010-12-01T08:26:00.000Z', true],
    ['epoch_ms', '1291191960000', '2010-12-01T08:26:00.000Z', true],
  ])('%s reads %s', (format, text, expected, hasTime) => {
    expect(momentParser(format)(text)).toEqual({ text: expected, hasTime })
  })

  test.each([
    ['YYYY-MM-DD', '2014-02-30'],
    ['YYYY-MM-DD', '2014-13-01'],
    ['YYYY-MM-DD', '03/01/2014'],
    ['DD/MM/YYYY H:mm', '01/12/2010 24:00'],
    ['iso', '2010-12-01T08:61:00Z'],
    ['epoch_s', 'yesterday'],
  ])('%s does not read %s', (format, text) => {
    expect(momentParser(format)(text)).toBeUndefined()
  })
})

test('an order without a time of day gets one within opening hours, the same every time', () => {
  const times = Array.from({ length: 2_000 }, (_, index) => spreadTime(`CA-${index}`, 480, 1320))
  expect(times).toEqual(
    Array.from({ length: 2_000 }, (_, index) => spreadTime(`CA-${index}`, 480, 1320)),
  )
  expect(times.every((time) => time >= '08:00:00' && time < '22:00:00')).toBe(true)
  expect(new Set(times).size).toBeGreaterThan(1_500)
  const inTheMiddle = times.filter((time) => time >= '11:30:00' && time < '18:30:00').length
  expect(inTheMiddle / times.length).toBeGreaterThan(0.65)
})
