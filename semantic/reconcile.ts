/** The part of `npm run reconcile` that lays every measure beside its oracle, at one position of the log. */
import { proveMeasures, type Difference, type Sides } from './reconcile/prove.ts'

const SHOWN_ROWS_MAX = 10

/** Of a running instance. Throws NotComparable without a position both databases are at. */
export async function reconcileMeasures(sides: Sides) {
  console.log('measures: every number beside plain SQL on Postgres as of one position')
  const proved = await proveMeasures(sides)
  for (const [view, { checks, measures, differences }] of proved) {
    const isEqual = differences.length === 0
    console.log(`  ${isEqual ? 'ok ' : 'NOT'}  ${view}: ${measures} measures, ${checks} questions`)
    for (const difference of differences) show(difference)
  }
  const outcomes = [...proved.values()]
  const last = outcomes.toSorted((one, other) => Number(one.lsn - other.lsn)).at(-1)
  if (last === undefined) throw new Error('nothing was reconciled')
  const sum = (of: (outcome: (typeof outcomes)[number]) => number) =>
    outcomes.reduce((total, one) => total + of(one), 0)
  return {
    lsn: last.lsn,
    asOf: last.asOf,
    checks: sum(({ checks }) => checks),
    measures: sum(({ measures }) => measures),
    differences: sum(({ differences }) => differences.length),
    healed: 0,
  }
}

function show({ asked: { who, question }, missing, extra }: Difference) {
  console.log(`       ${who.role} ${who.distributor_id ?? ''} ${JSON.stringify(question)}`)
  for (const row of missing.slice(0, SHOWN_ROWS_MAX)) console.log(`         Postgres    ${row}`)
  for (const row of extra.slice(0, SHOWN_ROWS_MAX)) console.log(`         ClickHouse  ${row}`)
}
