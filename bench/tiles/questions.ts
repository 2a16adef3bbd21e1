/**
 * What is asked: every question of the executive page and of a distributor's portal, and some over long periods.
 * The answers of all three ways are compared before anything is timed.
 */
import type { Range } from './dialect.ts'
import { longQuestions } from './questions/long.ts'
import { portalQuestions } from './questions/portal.ts'
import type { Question, Setting } from './questions/question.ts'
import { rankingQuestions } from './questions/rankings.ts'
import { salesQuestions } from './questions/sales.ts'
import { stockQuestions } from './questions/stock.ts'

export function questionsOf(setting: Setting): Question[] {
  const over = (view: string, { from, to }: Range, granularity?: string) => ({
    timeDimensions: [
      {
        dimension: `${view}.at`,
        dateRange: [setting.wallClock(from), setting.wallClock(new Date(to.getTime() - 1_000))],
        ...(granularity && { granularity }),
      },
    ],
  })
  const parts = { setting, over }
  return [salesQuestions, rankingQuestions, stockQuestions, portalQuestions, longQuestions].flatMap(
    (questions) => questions(parts),
  )
}
