import type { View } from '../../../../dashboards/define.ts'
import { spanText } from '#lib/period-words.ts'
import type { Setting } from './prepare/setting.ts'
import { ignoredBy } from './scope.ts'

/** Which rows a number is made of, in a sentence: the period until now, where, and what was filtered. */
export function scopeWords(setting: Setting, view: View) {
  const { scope, filters, asOf, words, frame, language, period } = setting
  const span = words.scope_of(
    spanText(period, asOf, scope.timeZone, frame, language),
    scope.timeZone,
  )
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
