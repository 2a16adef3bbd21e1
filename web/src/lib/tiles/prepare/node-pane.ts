import type { NetworkTile } from '../../../../../dashboards/kinds.ts'
import { quotient } from '#lib/decimal.ts'
import type { Parts } from '#lib/format.ts'
import type { Messages } from '#lib/i18n/index.ts'
import { share } from './ranking.ts'
import { figureWriter } from './figure.ts'
import type { Setting } from './setting.ts'
import { pathTo, type Node } from './tree.ts'

export type Pane = {
  id: string
  name: string
  crumb: string
  facts: { title: string; value: Parts; exact: string }[]
  spread: { id: string; name: string; width: number; rate: string; isHigh: boolean }[]
  quiet: number
  spreadWords: string
  hints: { tone: 'bad' | 'warn' | 'good'; text: string; why: string; href: string | null }[]
}

/** One seller in full: what the team brings, how it is spread below, and what there is to do about it. */
export function paneOf(
  tile: NetworkTile,
  node: Node | null,
  setting: Setting,
  kinds: Messages['kinds'],
  hrefOf: (node: Node) => string,
): Pane | null {
  if (!node) return null
  const { format, language } = setting
  const below = node.children.filter(({ team }) => team > 0n)
  const whole = below.reduce((total, { team }) => total + team, node.rest)
  const quiet = node.children.filter((child) => child.isQuiet)
  const spread = below.slice(0, 6).map((child, index) => ({
    id: child.id,
    name: child.name,
    width: share(child.team, whole),
    rate: format.ratio(quotient(child.team, whole)),
    isHigh: index === 0 && Number(quotient(child.team, whole) ?? 0) > tile.dependence.high,
  }))
  return {
    id: node.id,
    name: node.name,
    crumb: [
      ...pathTo(node)
        .slice(0, -1)
        .map(({ name }) => name),
      kinds.level(String(node.level)),
      node.grade,
    ]
      .filter(Boolean)
      .join(' / '),
    facts: [tile.team, tile.own, ...tile.facts].map(({ title, measure, unit }) => {
      const value = node.row?.[measure] ?? null
      const write = figureWriter(unit, format, language)
      return { title: title[language], value: write.headline(value), exact: write.exact(value) }
    }),
    spread,
    quiet: quiet.length,
    spreadWords: [
      ...spread.slice(0, 2).map(({ name, rate }) => `${name} ${rate}`),
      quiet.length > 0 ? kinds.quiet_below(String(quiet.length)) : '',
    ]
      .filter(Boolean)
      .join(' · '),
    hints: hintsOf(tile, node, spread, quiet, setting, kinds, hrefOf),
  }
}

function hintsOf(
  tile: NetworkTile,
  node: Node,
  spread: Pane['spread'],
  quiet: readonly Node[],
  { format, language }: Setting,
  kinds: Messages['kinds'],
  hrefOf: (node: Node) => string,
): Pane['hints'] {
  const hints: Pane['hints'] = []
  const [first] = spread
  const carrier = node.children[0]
  if (first?.isHigh && carrier)
    hints.push({
      tone: 'bad',
      text: kinds.carried_by(first.rate, first.name),
      why: kinds.carried_why(format.short(carrier.team)),
      href: hrefOf(carrier),
    })
  const [quietest] = quiet
  if (quietest)
    hints.push({
      tone: 'warn',
      text: kinds.quiet_for(String(quiet.length)),
      why: kinds.quiet_why(quietest.name),
      href: hrefOf(quietest),
    })
  const flag = [tile.activity, tile.dependence]
    .flatMap(({ id, flags }) => flags.filter((each) => each.id === node.row?.[id] && each.note))
    .find(({ tone }) => tone === 'warn' || tone === 'bad')
  if (flag && !first?.isHigh)
    hints.push({
      tone: flag.tone === 'bad' ? 'bad' : 'warn',
      text: flag.title[language],
      why: flag.note?.[language] ?? '',
      href: null,
    })
  if (hints.length === 0)
    hints.push({ tone: 'good', text: kinds.nothing_to_do, why: kinds.nothing_why, href: null })
  return hints
}
