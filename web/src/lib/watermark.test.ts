import { expect, test } from 'vitest'
import { ageSeconds, isPast, newestOf, type Watermark } from './watermark.ts'

const AT = '2026-11-24T06:00:00.000Z'
const now = Date.parse(AT) + 400

function watermark(lsn: string, topics: Watermark['topics'] = {}, commit_at = AT): Watermark {
  return { lsn, commit_at, applied_at: commit_at, topics, sent_at: commit_at, connected: true }
}

test('positions past 2^53 are told apart', () => {
  expect(isPast('9007199254740993', '9007199254740992')).toBe(true)
  expect(isPast('9', '10')).toBe(false)
})

test('the newest of two topics counts, and a topic that never changed does not', () => {
  const marks = watermark('9', {
    sales: { lsn: '7', commit_at: AT },
    stock: { lsn: '8', commit_at: AT },
  })

  expect(newestOf(marks, ['sales', 'stock'])?.lsn).toBe('8')
  expect(newestOf(marks, ['funnel'])).toBeNull()
})

test('a tile that has every change of its topics is as fresh as the stream', () => {
  const tile = { lsn: '5', commit_at: '2026-11-24T05:00:00.000Z' }
  const marks = watermark('9', { sales: { lsn: '5', commit_at: tile.commit_at } })

  expect(ageSeconds(tile, ['sales'], marks, now)).toBeCloseTo(0.4)
})

test('a tile that waits for a change is as old as the commit it was computed at', () => {
  const tile = { lsn: '5', commit_at: '2026-11-24T05:59:30.000Z' }
  const marks = watermark('9', { sales: { lsn: '8', commit_at: AT } })

  expect(ageSeconds(tile, ['sales'], marks, now)).toBeCloseTo(30.4)
})

test('an answer newer than the last watermark heard is not made older by it', () => {
  const tile = { lsn: '12', commit_at: AT }

  expect(
    ageSeconds(tile, ['sales'], watermark('9', {}, '2026-11-24T05:00:00.000Z'), now),
  ).toBeCloseTo(0.4)
})

test('without any answer there is no age, not an age of zero', () => {
  expect(ageSeconds(null, ['sales'], watermark('9'), now)).toBeNull()
})
