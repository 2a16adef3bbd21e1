import { expect, test } from 'vitest'
import { nearest, stepTo } from './scatter-cursor.ts'

const places = {
  points: [
    { x: 10, y: 90 },
    { x: 50, y: 10 },
    { x: 90, y: 50 },
  ],
  rising: [1, 2, 0],
}

test('left and right go along, up and down by height, and no step leaves the plot', () => {
  expect(stepTo('ArrowLeft', null, places)).toBe(2)
  expect(stepTo('ArrowLeft', 1, places)).toBe(0)
  expect(stepTo('ArrowRight', 2, places)).toBe(2)
  expect(stepTo('ArrowUp', 1, places)).toBe(2)
  expect(stepTo('ArrowUp', 0, places)).toBe(0)
  expect(stepTo('ArrowDown', 0, places)).toBe(2)
  expect(stepTo('Escape', 1, places)).toBeNull()
  expect(stepTo('x', 1, places)).toBeUndefined()
  expect(stepTo('Home', null, { points: [], rising: [] })).toBeUndefined()
})

test('the nearest dot is meant, and far from any none is', () => {
  const box = { left: 100, top: 100, width: 200, height: 100 }
  expect(nearest(places.points, box, { clientX: 122, clientY: 112 })).toBe(0)
  expect(nearest(places.points, box, { clientX: 205, clientY: 180 })).toBe(1)
  expect(nearest(places.points, box, { clientX: 150, clientY: 150 })).toBeNull()
})
