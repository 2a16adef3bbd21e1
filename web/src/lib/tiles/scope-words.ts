import type { View } from '../../../../dashboards/define.ts'
import { dayName, wallOf } from '#lib/moment.ts'
import type { Setting } from './prepare/setting.ts'
import { ignoredBy } from './scope.ts'

/** Which rows a number is made of, in a sentence: the day until now, where, and what was filtered. */
export function scopeWords({ scope, filters, asOf, words, language }: Setting, view: View) {
  const { day, clock } = wallOf(asOf, scope.timeZone)
  const span = words.scope_of(dayName(day, language), clock.slice(0, 5), scope.timeZone)
  const chosen = filters
    .filter(({ members }) => members[view])
    .map(({ name, title }) => `${title[language]} ${scope.chosen[name] ?? words.no_filter}`)
  return [span, ...chosen].join(language === 'zh' ? '，' : ', ')
}

/** A tile that a chosen filter does not touch says so. */
export function ignoredWords({ scope, filters, words, language }: Setting, view: View) {
  const names = ignoredBy(view, filters, scope).map(({ title }) => title[language].toLowerCase())
  return names.length ? words.ignores(names.join(language === 'zh' ? '、' : ', ')) : ''
}
