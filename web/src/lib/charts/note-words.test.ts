import { expect, test } from 'vitest'
import { isUnderWords, placeNotes } from './note-words.ts'

function placed(indexes: number[], count: number) {
  return placeNotes(
    indexes.map((index) => ({ index, text: `note ${index}` })),
    count,
  )
}

/** From where to where the words go, left to right. */
function spans(indexes: number[], count: number) {
  return placed(indexes, count)
    .flatMap(({ at, isLeft, room }) =>
      room === null ? [] : [isLeft ? [at - room, at] : [at, at + room]],
    )
    .toSorted(([a = 0], [b = 0]) => a - b)
}

test('a note alone has its words where there is room', () => {
  expect(placed([2], 24)).toMatchObject([{ isLeft: false, room: 34 }])
  expect(placed([22], 24)).toMatchObject([{ isLeft: true, room: 34 }])
})

test('words of several notes never lie over each other or outside the chart, whatever days they are of', () => {
  const ways = [
    [11, 23, 29],
    [0, 1],
    [2, 28],
    [5, 5],
    [0, 9, 12, 20, 29],
    [14, 15, 16, 17, 18, 19],
  ]
  for (const way of ways) {
    let end = 0
    for (const [from = 0, to = 0] of spans(way, 30)) {
      expect(from).toBeGreaterThanOrEqual(end - 1e-9)
      expect(to).toBeLessThanOrEqual(100)
      end = to
    }
  }
  expect(placed([11, 23, 29], 30).map(({ isLeft }) => isLeft)).toEqual([true, true, true])
})

test('where there is no room the stem stands alone', () => {
  expect(placed([10, 11, 12], 30).filter(({ room }) => room === null)).toHaveLength(1)
  expect(placed([0, 3, 6, 9, 12, 15, 18], 30).every(({ room }) => room === null)).toBe(true)
})

test('what lies under the words is known', () => {
  const notes = placed([15], 30)
  expect(isUnderWords(notes, notes[0]?.isLeft ? 40 : 60)).toBe(true)
  expect(isUnderWords(notes, notes[0]?.isLeft ? 60 : 40)).toBe(false)
  expect(isUnderWords([], 50)).toBe(false)
})
