import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Watermark } from '#lib/watermark.ts'
import { OwnTopics } from './own-topics.ts'

function at(lsn: number) {
  return { lsn: String(lsn), commit_at: new Date(lsn).toISOString() }
}

/** Whose a commit is: some distributors', everybody's (null); or the stream was lost and nobody knows. */
const commits = fc.oneof(
  fc.record({ ids: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 4 }))) }),
  fc.constant('lost' as const),
)

test('a distributor’s topic stands at the newest commit that may be his, and at none that is another’s', () => {
  fc.assert(
    fc.property(fc.array(commits, { maxLength: 40 }), (told) => {
      const own = new OwnTopics()
      const wanted = new Map<number, number>()
      let topics: Watermark['topics'] = { sales: at(1) }
      own.note(topics, undefined)
      for (const id of [1, 2, 3, 4]) wanted.set(id, 1)
      told.forEach((commit, index) => {
        const lsn = index + 2
        topics = { ...topics, sales: at(lsn) }
        const ids = commit === 'lost' ? null : commit.ids
        for (const id of ids ?? [1, 2, 3, 4]) wanted.set(id, lsn)
        own.note(topics, commit === 'lost' ? undefined : { sales: ids?.map(String) ?? null })
      })
      for (const [id, lsn] of wanted) expect(own.of(String(id)).sales).toEqual(at(lsn))
    }),
  )
})

test('a heartbeat moves nobody, and topics do not mix', () => {
  const own = new OwnTopics()
  own.note({ sales: at(1), orders: at(1) }, undefined)
  own.note({ sales: at(1), orders: at(5) }, { orders: ['7'] })
  own.note({ sales: at(1), orders: at(5) }, {})
  expect(own.of('7')).toEqual({ sales: at(1), orders: at(5) })
  expect(own.of('8')).toEqual({ sales: at(1), orders: at(1) })
})
