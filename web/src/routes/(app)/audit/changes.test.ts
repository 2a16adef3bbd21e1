import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'

test('only what changed is told, nothing before as a dash', () => {
  const before = { name: 'Ann', parent_id: null, ids: [1] }
  const after = { name: 'Ann', parent_id: 7, ids: [7, 1] }
  expect(changesOf({ before, after })).toEqual([
    { field: 'parent_id', before: '—', after: '7' },
    { field: 'ids', before: '[1]', after: '[7,1]' },
  ])
})

test('what only came into being changed nothing', () => {
  expect(changesOf({ before: null, after: { name: 'Ann' } })).toEqual([])
})
