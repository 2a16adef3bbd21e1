import type { Node } from './tree.ts'

/** What the lines left of a name are: on past it, to it, to it as the last, or nothing. */
export type Guide = 'through' | 'tee' | 'last' | 'none'
export type Line = {
  node: Node
  /** A sum of siblings that are not listed one by one. */
  others: { count: number; team: bigint } | null
  guides: Guide[]
  isOpen: boolean
  hasChildren: boolean
}

/** More siblings than these are told as a sum. */
const SIBLINGS_MAX = 12

/** The tree as lines, as far as it is opened. A chosen node is always among those that are listed. */
export function outlineOf(root: Node, open: ReadonlySet<string>, chosen: Node | null): Line[] {
  const lines: Line[] = []
  list(root, [])
  return lines

  function list(node: Node, guides: Guide[]) {
    const isOpen = open.has(node.id)
    lines.push({ node, others: null, guides, isOpen, hasChildren: node.children.length > 0 })
    if (!isOpen) return
    const shown = node.children.filter(
      (child, index) => index < SIBLINGS_MAX || isOnPath(child, chosen),
    )
    const hidden = node.children.filter((child) => !shown.includes(child))
    const others = {
      count: hidden.length,
      team: hidden.reduce((total, { team }) => total + team, node.rest),
    }
    const isMore = others.team > 0n || others.count > 0
    const under = guides.map((guide): Guide =>
      guide === 'tee' || guide === 'through' ? 'through' : 'none',
    )
    shown.forEach((child, index) => {
      const isLast = index === shown.length - 1 && !isMore
      list(child, [...under, isLast ? 'last' : 'tee'])
    })
    if (isMore)
      lines.push({ node, others, guides: [...under, 'last'], isOpen: false, hasChildren: false })
  }
}

function isOnPath(node: Node, chosen: Node | null) {
  for (let at = chosen; at; at = at.parent) if (at === node) return true
  return false
}
