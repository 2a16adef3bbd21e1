import type { Row } from '#lib/cube.ts'
import { parseWhole } from '#lib/decimal.ts'
import { cents } from './prepare.ts'

/** How many stand at a step of team sales; `own` is whether the reader is one of them. */
export type Step = { cents: bigint; count: number; own: boolean }
export type Peers = {
  steps: Step[]
  count: number
  /** The step that half of them do not pass. */
  middle: bigint
  /** What is missing to the place above; null for the first. */
  behind: bigint | null
}

/** From the rank's fourth answer; null where too few stand beside the reader to show any of them. */
export function preparePeers(rows: Row[] | undefined): Peers | null {
  const steps = new Map<bigint, Step>()
  let behind: bigint | null = null
  for (const row of rows ?? []) {
    const at = cents(row, 'peers.step_cents')
    const own = row['peers.whose'] === 'own'
    const step = steps.get(at) ?? { cents: at, count: 0, own: false }
    step.count += Number(cents(row, 'peers.distributor_count'))
    step.own ||= own
    steps.set(at, step)
    if (own) behind = parseWhole(row['peers.behind_cents']) ?? null
  }
  if (steps.size === 0) return null
  const sorted = [...steps.values()].toSorted((a, b) => (a.cents < b.cents ? -1 : 1))
  const count = sorted.reduce((sum, step) => sum + step.count, 0)
  return { steps: sorted, count, middle: middleOf(sorted, count), behind }
}

function middleOf(sorted: readonly Step[], count: number): bigint {
  let seen = 0
  for (const step of sorted) {
    seen += step.count
    if (seen * 2 >= count) return step.cents
  }
  return 0n
}

/** The occupied step nearest to a share of the axis. */
export function nearest(steps: readonly Step[], share: number): number {
  const top = Number(steps.at(-1)?.cents ?? 0n)
  const away = ({ cents: at }: Step) => Math.abs(Number(at) - share * top)
  return steps.reduce(
    (best, step, index) => (away(step) < away(steps[best] ?? step) ? index : best),
    0,
  )
}
