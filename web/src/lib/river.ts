/**
 * The drawing at the door: sixteen springs join two by two until one river is left, and one order
 * is followed all the way down. Drawn in a box of its own size; the page scales it whole.
 */
type Spring = { x: number; y: number; is_followed: boolean }
type Line = { path: string; width: number; is_followed: boolean }

const SPRINGS = 16
const FOLLOWED = 5

export function drawRiver(width: number, height: number) {
  const top = height * 0.16
  const span = height * 0.62
  const springs = Array.from({ length: SPRINGS }, (_, index) => ({
    x: width * (0.1 + 0.055 * wobble(index, 1)),
    y: top + (span * index) / (SPRINGS - 1),
    is_followed: index === FOLLOWED,
  }))

  const lines: Line[] = []
  let joining: Spring[] = springs
  for (let level = 1; joining.length > 1; level += 1) {
    joining = join(joining, level, width, height, lines)
  }
  const mouth = joining[0]
  if (mouth) {
    const path = `M${round(mouth.x)} ${round(mouth.y)}H${width + 10}`
    lines.push({ path, width: 3.2, is_followed: true })
  }
  // The followed line lies on top of the others.
  lines.sort((a, b) => Number(a.is_followed) - Number(b.is_followed))
  return { springs, lines }
}

function join(from: Spring[], level: number, width: number, height: number, lines: Line[]) {
  const joined: Spring[] = []
  for (let index = 0; index + 1 < from.length; index += 2) {
    const pair = from.slice(index, index + 2)
    const middle = pair.reduce((sum, spring) => sum + spring.y, 0) / pair.length
    const isLast = level === 4
    const target = {
      x: width * (0.1 + 0.19 * level + (isLast ? 0 : 0.05 * wobble(index, level + 3))),
      y: middle + (height * 0.48 - middle) * 0.16 * level * (isLast ? 1.5 : 1),
      is_followed: pair.some((spring) => spring.is_followed),
    }
    for (const spring of pair) lines.push(bend(spring, target, level))
    joined.push(target)
  }
  return joined
}

function bend(from: Spring, to: Spring, level: number): Line {
  const reach = (to.x - from.x) * 0.55
  const points = [from.x + reach, from.y, to.x - reach, to.y, to.x, to.y].map(round)
  return {
    path: `M${round(from.x)} ${round(from.y)}C${points.join(' ')}`,
    width: round((from.is_followed ? 1.2 : 0.6) + level * 0.45),
    is_followed: from.is_followed,
  }
}

function wobble(index: number, seed: number) {
  return Math.sin(index * 2.17 + seed * 1.3) * 0.5 + Math.sin(index * 5.1 + seed) * 0.3
}

function round(value: number) {
  return Math.round(value * 10) / 10
}
