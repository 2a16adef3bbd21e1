type Places = { points: readonly { x: number; y: number }[]; rising: readonly number[] }
type Box = { left: number; top: number; width: number; height: number }

/** A dot this near is meant. */
const NEAR_PX = 24

/** Left and right go along, up and down go by height; Home and End to the ends, Escape to none. */
export function stepTo(
  key: string,
  at: number | null,
  { points, rising }: Places,
): number | null | undefined {
  const last = points.length - 1
  const from = at ?? last
  const height = rising.indexOf(from)
  const step: Record<string, number | null | undefined> = {
    ArrowLeft: at === null ? last : Math.max(0, from - 1),
    ArrowRight: Math.min(last, from + 1),
    ArrowUp: rising[Math.min(last, height + 1)],
    ArrowDown: rising[Math.max(0, height - 1)],
    Home: 0,
    End: last,
    Escape: null,
  }
  return last < 0 ? undefined : step[key]
}

/** The dot under the pointer or close by it; null where there is none. */
export function nearest(
  points: Places['points'],
  box: Box,
  { clientX, clientY }: { clientX: number; clientY: number },
): number | null {
  let best: number | null = null
  let least = NEAR_PX ** 2
  points.forEach(({ x, y }, index) => {
    const across = box.left + (x / 100) * box.width - clientX
    const up = box.top + (1 - y / 100) * box.height - clientY
    const far = across ** 2 + up ** 2
    if (far > least) return
    least = far
    best = index
  })
  return best
}
