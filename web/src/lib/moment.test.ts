import { expect, test } from 'vitest'
import { oddHours } from './moment.ts'

test.each([
  ['2026-11-01', 'America/New_York', [['01', 120]]],
  ['2026-03-08', 'America/New_York', [['02', 0]]],
  ['2026-04-05', 'Australia/Lord_Howe', [['01', 90]]],
  ['2026-10-04', 'Australia/Lord_Howe', [['02', 30]]],
  ['2018-11-04', 'America/Sao_Paulo', [['00', 0]]],
  ['2018-02-17', 'America/Sao_Paulo', [['23', 120]]],
  ['2018-02-18', 'America/Sao_Paulo', []],
  ['2026-11-24', 'Asia/Kathmandu', []],
])('on %s in %s the hours of another length are known', (day, zone, hours) => {
  expect(oddHours(day, zone)).toEqual(
    hours.map(([hour, minutes]) => [`${day}T${hour}:00:00.000`, minutes]),
  )
})
