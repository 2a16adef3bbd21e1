import type { NetworkTile } from '../../../../../dashboards/kinds.ts'
import type { Row } from '#lib/cube.ts'
import { sum } from '#lib/decimal.ts'
import { sumOf } from '../read.ts'

/** A seller with those below. Siblings stand by what their teams sell. */
export type Node = {
  id: string
  name: string
  grade: string
  parent: Node | null
  children: Node[]
  level: number
  team: bigint
  own: bigint
  /** What those below sold that are too small to be drawn. */
  rest: bigint
  row: Row | undefined
  /** No sale for long, its own or of anyone below. */
  isQuiet: boolean
}

/** Below one root, which stands for the whole company and is nobody. Who sold directly under no one is a top. */
export function treeOf(tile: NetworkTile, rows: readonly Row[], whole: Row | undefined): Node {
  const root = nodeOf(tile, undefined, '')
  root.team = sumOf(whole, tile.own.measure)
  const nodes = new Map(
    rows.flatMap((row) => {
      const id = row[tile.id]
      return id ? [[id, nodeOf(tile, row, id)] as const] : []
    }),
  )
  for (const node of nodes.values()) {
    const parentId = node.row?.[tile.parent] ?? null
    const above = parentId === null ? root : nodes.get(parentId)
    // Whose parent is too small to be listed, or who names one below himself, has no place but the top;
    // who sold nothing needs none.
    const isLoose = !above || isBelow(above, node)
    if (isLoose && node.team === 0n) continue
    node.parent = isLoose ? root : above
    node.parent.children.push(node)
  }
  settle(root, 0)
  return root
}

/** From the top down to a node, the root left out. */
export function pathTo(node: Node): Node[] {
  const path: Node[] = []
  for (let at: Node | null = node; at && at.parent; at = at.parent) path.unshift(at)
  return path
}

export function findIn(root: Node, id: string): Node | null {
  if (id === '') return null
  if (root.id === id) return root
  for (const child of root.children) {
    const found = findIn(child, id)
    if (found) return found
  }
  return null
}

/** How many stand below, of those that are drawn. */
export function countBelow(node: Node): number {
  return node.children.reduce((total, child) => total + 1 + countBelow(child), 0)
}

function nodeOf(tile: NetworkTile, row: Row | undefined, id: string): Node {
  return {
    id,
    name: row?.[tile.name] ?? '',
    grade: row?.[tile.grade] ?? '',
    parent: null,
    children: [],
    level: 0,
    team: sumOf(row, tile.team.measure),
    own: sumOf(row, tile.own.measure),
    rest: 0n,
    row,
    isQuiet: row?.[tile.activity.id] === tile.activity.quiet,
  }
}

function isBelow(node: Node, top: Node) {
  for (let at: Node | null = node; at; at = at.parent) if (at === top) return true
  return false
}

function settle(node: Node, level: number) {
  node.level = level
  node.children.sort((a, b) =>
    a.team === b.team ? a.name.localeCompare(b.name) : a.team > b.team ? -1 : 1,
  )
  for (const child of node.children) settle(child, level + 1)
  const told = sum(node.children.map(({ team }) => team)) + node.own
  node.rest = node.team > told ? node.team - told : 0n
}
