/** What is asked of every view on a running instance: all of it, by each dimension, lately by day, as some distributors. */
import { dimensions, views } from '../members.ts'
import { ADMIN, type Question, type Who } from '../test/compare.ts'
import { ORACLE } from '../test/oracle.ts'

/** As many groups as there are orders or customers: a list of facts, not a figure of a company. */
const OF_FACTS = new Set(['order_id', 'order_line_id', 'customer_id', 'customer', 'at'])
/** Its rows are of the whole period asked for. */
const OF_ONE_PERIOD = new Set(['distributor_performance', 'peers'])
const DAYS = 30
const DAY_MS = 86_400_000

export type Asked = { who: Who; question: Question }

export function questionsOf(view: string, timeZone: string, distributors: string[]): Asked[] {
  const whole: Question = { view, dimensions: [], granularity: null, range: null, only: null }
  const lately: Question = { ...whole, range: lastDays(timeZone) }
  const hasTime = `${view}.at` in dimensions
  const asked: Question[] = [
    whole,
    ...groupsOf(view).map((name) => ({ ...whole, dimensions: [name] })),
    ...(hasTime ? [lately] : []),
    ...(hasTime && !OF_ONE_PERIOD.has(view) ? [{ ...lately, granularity: 'day' as const }] : []),
  ]
  const isOpen = ORACLE[view]?.scope !== null
  return [
    ...asked.map((question) => ({ who: ADMIN, question })),
    ...(isOpen ? distributors : []).map((distributor_id) => ({
      who: { role: 'distributor', distributor_id },
      question: whole,
    })),
  ]
}

export function viewNames() {
  return Object.keys(views)
}

function groupsOf(view: string) {
  return Object.entries(dimensions)
    .filter(([, { view: of }]) => of === view)
    .map(([name]) => name.slice(view.length + 1))
    .filter((name) => !OF_FACTS.has(name))
}

/** Whole days up to and with yesterday. */
function lastDays(timeZone: string): [string, string] {
  const day = (ago: number) =>
    new Date(Date.now() - ago * DAY_MS).toLocaleDateString('sv-SE', { timeZone })
  return [`${day(DAYS)}T00:00:00`, `${day(1)}T23:59:59`]
}
