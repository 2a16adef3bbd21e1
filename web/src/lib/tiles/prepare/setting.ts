import type { Filter } from '../../../../../dashboards/define.ts'
import type { Annotation, Goal } from '#lib/api/client.ts'
import type { Format, Language } from '#lib/format.ts'
import type { Messages } from '#lib/i18n/index.ts'
import type { Results } from '#lib/board.svelte.ts'
import type { Period } from '#lib/period.ts'
import { beforeName, nameIn, periodName } from '#lib/period-words.ts'
import type { Scope } from '../scope.ts'

/** What every tile is prepared from: the answers, the reader, and the moment the answers stand for. */
export type Setting = {
  results: Results
  format: Format
  language: Language
  words: Messages['tiles']
  frame: Messages['frame']
  goalWords: Messages['goals']
  scope: Scope
  period: Period
  /** The dashboard's filters, for a tile to say which of them it does not know. */
  filters: readonly Filter[]
  /** What is to be reached, and what happened: both from core-api. */
  goals: readonly Goal[]
  notes: readonly Annotation[]
  /** Everything committed until then is in the numbers; the hour it falls into is not over. */
  asOf: Date
}

/** The numbers behind a chart: the same, in the same order, exact. */
export type Table = { columns: { title: string; isNumber?: boolean }[]; rows: string[][] }

export function nowName({ period, frame, language }: Setting) {
  return periodName(period, frame, language)
}

export function thenName({ period, frame, language }: Setting) {
  return beforeName(period, frame, language)
}

export function nameOfBucket(bucket: string, { period, frame, language }: Setting) {
  return nameIn(period, bucket, frame, language)
}

/** How many rows a tile shows, and of how many. */
export function rowsText(shown: number, all: number, { format, frame }: Setting) {
  const whole = format.count(BigInt(all))
  return all > shown ? frame.of_all(format.count(BigInt(shown)), whole) : frame.rows(whole)
}
