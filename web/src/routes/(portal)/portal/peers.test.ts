import { expect, test } from 'vitest'
import { nearest, preparePeers } from './peers.ts'

function row(step: string, count: string, whose = 'other', behind: string | null = null) {
  return {
    'peers.step_cents': step,
    'peers.distributor_count': count,
    'peers.whose': whose,
    'peers.behind_cents': behind,
  }
}

test('the reader is one of those who stand at his step, and half of all stay at or below the middle', () => {
  const peers = preparePeers([
    row('4000', '1'),
    row('1000', '2'),
    row('1000', '1', 'own', '1240'),
    row('0', '2'),
  ])
  expect(peers?.steps).toEqual([
    { cents: 0n, count: 2, own: false },
    { cents: 1000n, count: 3, own: true },
    { cents: 4000n, count: 1, own: false },
  ])
  expect(peers).toMatchObject({ count: 6, middle: 1000n, behind: 1240n })
})

test('the first is behind nobody, and too few are not shown at all', () => {
  expect(preparePeers([row('0', '5'), row('40', '1', 'own')])?.behind).toBeNull()
  expect(preparePeers([])).toBeNull()
  expect(preparePeers(undefined)).toBeNull()
})

test('the cursor goes to the nearest step where somebody stands', () => {
  const { steps } = preparePeers([row('0', '5'), row('30', '1'), row('100', '1', 'own')]) ?? {
    steps: [],
  }
  expect(nearest(steps, 0.1)).toBe(0)
  expect(nearest(steps, 0.5)).toBe(1)
  expect(nearest(steps, 1)).toBe(2)
})
