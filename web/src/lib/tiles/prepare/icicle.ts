import { quotient } from '#lib/decimal.ts'
import { share } from './ranking.ts'
import { round } from './spark.ts'
import type { Node } from './tree.ts'

export type Cell = {
  id: string
  name: string
  /** In per cent of the picture; `level` counts from the top of it. */
  x: number
  width: number
  level: number
  tone: 'root' | 'branch' | 'leaf' | 'chosen' | 'within' | 'quiet' | 'rest'
  /** Of the whole of the picture, as a fraction. */
  part: string | null
}

export const LEVELS = 4
/** A narrower cell cannot be seen, let alone be hit; it goes into the rest of its parent. */
const WIDTH_MIN = 0.35
/** One that sells nothing has no width; it is given one, so that a team gone quiet is in the picture. */
const QUIET_WIDTH = 1.1
const QUIET_MAX = 3

/** Every node as wide as its team's sales, children under their parent; what is left is the parent's own. */
export function icicleOf(top: Node, chosen: Node | null): Cell[] {
  const cells: Cell[] = []
  place(top, 0, 100, 0)
  return cells

  function place(node: Node, x: number, width: number, level: number) {
    cells.push({
      id: node.id,
      name: node.name,
      x: round(x),
      width: round(width),
      level,
      tone: toneOf(node, level, chosen),
      part: quotient(node.team, top.team),
    })
    if (level + 1 >= LEVELS) return
    let at = x
    const seen = node.children.filter((child) => widthOf(child) >= WIDTH_MIN)
    for (const child of seen) {
      place(child, at, widthOf(child), level + 1)
      at += widthOf(child)
    }
    const small = node.children
      .filter((child) => child.team > 0n && widthOf(child) < WIDTH_MIN)
      .reduce((total, child) => total + widthOf(child), share(node.rest, top.team))
    if (small >= WIDTH_MIN) {
      cells.push(restOf(node, at, small, level + 1))
      at += small
    }
    for (const child of node.children.filter((each) => each.team <= 0n).slice(0, QUIET_MAX)) {
      if (at + QUIET_WIDTH > x + width) return
      place(child, at, QUIET_WIDTH, level + 1)
      at += QUIET_WIDTH
    }
  }

  function widthOf(node: Node) {
    return share(node.team, top.team)
  }
}

function restOf({ id }: Node, x: number, width: number, level: number): Cell {
  return {
    id: `${id}…`,
    name: '',
    x: round(x),
    width: round(width),
    level,
    tone: 'rest',
    part: null,
  }
}

function toneOf(node: Node, level: number, chosen: Node | null): Cell['tone'] {
  if (node === chosen) return 'chosen'
  if (node.isQuiet) return 'quiet'
  for (let at = node.parent; at; at = at.parent)
    if (at === chosen && chosen?.parent) return 'within'
  if (level === 0) return 'root'
  return level + 1 < LEVELS && node.children.length > 0 ? 'branch' : 'leaf'
}
