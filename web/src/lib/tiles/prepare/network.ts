import type { Flagged, NetworkTile } from '../../../../../dashboards/kinds.ts'
import { quotient } from '#lib/decimal.ts'
import { missing } from '#lib/format.ts'
import type { Messages } from '#lib/i18n/index.ts'
import { rowsOf } from '../read.ts'
import { addressOf, withOption } from '../scope.ts'
import { icicleOf, type Cell } from './icicle.ts'
import { paneOf, type Pane } from './node-pane.ts'
import { outlineOf, type Guide } from './outline.ts'
import { share } from './ranking.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'
import { findIn, pathTo, treeOf, type Node } from './tree.ts'

export type Flag = { text: string; note: string; tone: Flagged['tone'] }
export type NetworkLine = {
  id: string
  name: string
  grade: string
  level: number
  guides: Guide[]
  isOpen: boolean
  hasChildren: boolean
  isChosen: boolean
  isOthers: boolean
  href: string
  beside: string
  team: { width: number; own: number; text: string; exact: string }
  /** The largest team below, as a part of the whole team's sales. */
  largest: { width: number; text: string; isHigh: boolean } | null
  flag: Flag | null
}
export type NetworkModel = {
  cells: (Cell & { href: string; share: string; spoken: string })[]
  /** The way up from what the picture shows. */
  path: { name: string; href: string }[]
  lines: (open: ReadonlySet<string>) => NetworkLine[]
  /** What is opened before the reader opens or shuts anything. */
  opened: string[]
  pane: Pane | null
  isEmpty: boolean
  footer: string
  summary: string
  table: Table
}
export function prepareNetwork(
  tile: NetworkTile,
  setting: Setting,
  kinds: Messages['kinds'],
): NetworkModel {
  const { results, scope, format, language, words } = setting
  const rows = rowsOf(results, tile.key)
  const root = treeOf(tile, rows, rowsOf(results, `${tile.key}:total`)[0])
  root.name = kinds.whole_network
  const chosen = findIn(root, scope.options[`${tile.key}.at`] ?? '')
  const shown = chosen ?? root.children[0] ?? null
  const top = topOf(root, chosen)
  const hrefOf = (node: Node) =>
    addressOf(scope, withOption(scope, `${tile.key}.at`, node.parent ? node.id : null))
  const write = figureWriter(tile.team.unit, format, language)
  const known = (id: string) => findIn(root, id) ?? root
  const count = results[tile.key]?.[0]
  const total = count?.ok ? (count.answer.total ?? rows.length) : rows.length

  return {
    cells: icicleOf(top, chosen).map((cell) => ({
      ...cell,
      name: cell.tone === 'rest' ? kinds.rest : cell.name,
      href: hrefOf(known(cell.id.replace('…', ''))),
      share: cell.part === null ? '' : format.ratio(cell.part),
      spoken: `${cell.name || kinds.rest} ${format.ratio(cell.part)}`,
    })),
    path: top.parent
      ? [root, ...pathTo(top)].slice(0, -1).map((node) => ({ name: node.name, href: hrefOf(node) }))
      : [],
    lines: (open) => linesOf(tile, root, chosen, open, setting, kinds, hrefOf),
    opened: ['', ...pathTo(shown ?? root).map(({ id }) => id)],
    pane: paneOf(tile, shown, setting, kinds, hrefOf),
    isEmpty: rows.length === 0,
    footer: kinds.nodes(format.count(BigInt(rows.length)), format.count(BigInt(total))),
    summary: root.children
      .slice(0, 5)
      .map(({ name, team }) => `${name} ${write.exact(String(team))}`)
      .join('; '),
    table: {
      columns: [
        { title: words.name },
        { title: kinds.above },
        { title: tile.team.title[language], isNumber: true },
        { title: tile.own.title[language], isNumber: true },
        { title: tile.beside.title[language], isNumber: true },
        ...tile.facts.map(({ title }) => ({ title: title[language], isNumber: true })),
        { title: kinds.flag },
      ],
      rows: rows.map((row) => [
        row[tile.name] ?? words.unnamed,
        findIn(root, row[tile.parent] ?? '')?.name ?? missing,
        write.exact(row[tile.team.measure] ?? null),
        write.exact(row[tile.own.measure] ?? null),
        ...[tile.beside, ...tile.facts].map(({ measure, unit }) =>
          figureWriter(unit, format, language).exact(row[measure] ?? null),
        ),
        flagOf(tile, { row }, language)?.text ?? '',
      ]),
    },
  }
}

/** The picture holds four levels; further down it starts two above the node that is chosen. */
function topOf(root: Node, chosen: Node | null) {
  let top = chosen ?? root
  for (let up = 0; up < 2 && top.parent; up++) top = top.parent
  return chosen && chosen.level > 3 ? top : root
}

function linesOf(
  tile: NetworkTile,
  root: Node,
  chosen: Node | null,
  open: ReadonlySet<string>,
  setting: Setting,
  kinds: Messages['kinds'],
  hrefOf: (node: Node) => string,
): NetworkLine[] {
  const { format, language } = setting
  const write = figureWriter(tile.team.unit, format, language)
  const lines = outlineOf(root, open, chosen)
  const widest = root.children.reduce((most, { team }) => (team > most ? team : most), 0n)
  const money = write.column(lines.map(({ node, others }) => String(others?.team ?? node.team)))
  return lines.map(({ node, others, guides, isOpen, hasChildren }) => {
    const team = others?.team ?? node.team
    const beside = node.row?.[tile.beside.measure] ?? null
    return {
      id: others ? `${node.id}…` : node.id,
      name: others
        ? kinds.others(others.count ? format.count(BigInt(others.count)) : '')
        : node.name,
      grade: others ? '' : node.grade,
      level: node.level + (others ? 1 : 0),
      guides,
      isOpen,
      hasChildren,
      isChosen: node === chosen && !others,
      isOthers: others !== null,
      href: hrefOf(node),
      beside: others ? '' : figureWriter(tile.beside.unit, format, language).exact(beside),
      team: {
        // The whole is not measured against its parts.
        width: node.parent || others ? share(team, widest) : 0,
        own: others || !node.parent ? 0 : share(node.own, widest),
        text: money(String(team)),
        exact: write.exact(String(team)),
      },
      largest: others ? null : largestOf(tile, node, setting),
      flag: others ? null : flagOf(tile, node, language),
    }
  })
}

/** The largest team below, as a part of the whole team's sales. */
function largestOf(tile: NetworkTile, { team, children: [first] }: Node, { format }: Setting) {
  const part = first && first.team > 0n ? quotient(first.team, team) : null
  if (part === null) return null
  return {
    width: share(first?.team ?? 0n, team),
    text: format.ratio(part, 0),
    isHigh: Number(part) > tile.dependence.high,
  }
}

/** What it hangs on before how it fares: the one that can still be mended. */
function flagOf(
  { dependence, activity }: NetworkTile,
  { row }: Pick<Node, 'row'>,
  language: 'zh' | 'en',
): Flag | null {
  const found = [dependence, activity].flatMap(({ id, flags }) =>
    flags.filter((flag) => flag.id === row?.[id]),
  )[0]
  return found
    ? { text: found.title[language], note: found.note?.[language] ?? '', tone: found.tone }
    : null
}
