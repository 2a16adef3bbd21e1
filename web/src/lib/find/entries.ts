import type { Dashboard } from '../../../../dashboards/define.ts'
import { dashboards } from '../../../../dashboards/index.ts'
import type { Choices } from '#lib/dashboard/choices.ts'
import type { Language } from '#lib/format.ts'
import type { Place } from '#lib/places.ts'
import { addressOf, withFilter } from '#lib/tiles/scope.ts'
import type { IconName } from '#lib/ui/icons.ts'
import type { Here } from './finder.svelte.ts'

export const groups = [
  'pages',
  'tiles',
  'filters',
  'orders',
  'distributors',
  'products',
  'customers',
] as const
export type Group = (typeof groups)[number]

/** One line of what was found. An order without a page to open it on lies open by its id. */
export type Entry = {
  group: Group
  icon: IconName
  title: string
  note: string | null
  letter?: string
} & ({ href: string; order?: undefined } | { order: number; href?: undefined })

/** More of a group are narrowed by another letter. */
const PER_GROUP_MAX = 6

/** What can be found without asking anybody: pages, their charts, and what the page can be filtered by. */
export function knownEntries(
  places: readonly Place[],
  here: Here | null,
  path: string,
  language: Language,
): Entry[] {
  return [
    ...places.map(({ path: href, icon, title, letter }) => ({
      ...{ group: 'pages' as const, href, icon, letter },
      title: title[language],
      note: questionOf(href, language),
    })),
    ...dashboards
      .filter(({ slug }) => places.some((place) => place.path === `/${slug}`))
      .flatMap((dashboard) => tileEntries(dashboard, here, language)),
    ...(here ? filterEntries(here, path, language) : []),
  ]
}

/** Each word somewhere in the line; lines that begin with them come first. Nothing typed finds the pages. */
export function matching(entries: readonly Entry[], typed: string): Entry[] {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return entries.filter(({ group }) => group === 'pages')

  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(entry, words) }))
    .filter(({ rank }) => rank !== null)
    .toSorted((left, right) => (left.rank ?? 0) - (right.rank ?? 0))
    .map(({ entry }) => entry)
  return groups.flatMap((group) =>
    ranked.filter((entry) => entry.group === group).slice(0, PER_GROUP_MAX),
  )
}

function rankOf({ title, note }: Entry, words: readonly string[]): number | null {
  const name = plain(title)
  const whole = `${name} ${plain(note ?? '')}`
  if (!words.every((word) => whole.includes(word))) return null
  if (name.startsWith(words.join(' '))) return 0
  return words.every((word) => name.includes(word)) ? 1 : 2
}

/** A name typed without its accents or in wide letters is found, too. */
function plain(text: string) {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
}

function questionOf(path: string, language: Language) {
  return dashboards.find(({ slug }) => path === `/${slug}`)?.question[language] ?? null
}

/** On its own page a chart is jumped to, and what is filtered stays. */
function tileEntries(dashboard: Dashboard, here: Here | null, language: Language): Entry[] {
  const { slug, icon, tiles, title } = dashboard
  const address = here?.dashboard.slug === slug ? addressOf(here.scope, {}) : `/${slug}`
  return tiles.map((tile) => ({
    group: 'tiles',
    icon,
    title: tile.title[language],
    note: title[language],
    href: `${address}#${tile.key}`,
  }))
}

function filterEntries({ dashboard, scope, choices }: Here, path: string, language: Language) {
  return dashboard.filters.flatMap(({ name, title }) =>
    optionsOf(choices, name).map((option) => ({
      group: 'filters' as const,
      icon: 'filter' as const,
      title: option.title,
      note: title[language],
      href: path + addressOf(scope, withFilter(scope, name, option.value)),
    })),
  )
}

function optionsOf({ options }: Choices, name: string) {
  return options[name] ?? []
}
