/**
 * Business goes on while everything dies in turn; after each round all of it must be in ClickHouse, once.
 * The seed decides what is done to whom, when, and what business is. Two streams leave the same servers: of the
 * company's own tables, and of a database that was never seen and changes its schema as it goes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { slotOf, type Fault } from './faults.ts'
import { createRandom } from './load.ts'
import { admitCompany, admitStranger, type Admitted } from './patients.ts'
import { startCapture, type Capture } from './stack.ts'

const KILLS_PER_ROUND = 5
const BETWEEN_MS_MAX = 400
/** Everything larger than this is sent before it has committed. */
const POSTGRES = { logical_decoding_work_mem: '256kB' }

export type Result = {
  kills: number
  faults: number
  operations: number
  lost: number
  doubled: number
  cents_off: string
  invariants: Record<string, number>
}

export type Options = {
  kills: number
  seed: number
  /** Whether the database that changes its schema goes along, which takes three times as long. */
  withStranger?: boolean
  say?: (line: string) => void
}
type Planned = { patient: Admitted; fault: Fault }

export async function torture(options: Options): Promise<Result> {
  const { kills, seed, withStranger = true, say = () => {} } = options
  const result = nothingWrong()
  const capture = await startCapture({ postgres: POSTGRES })
  const below = createRandom(seed)
  const patients: Admitted[] = []
  try {
    patients.push(await admitCompany(capture))
    if (withStranger) patients.push(await admitStranger(capture))
    const plan = planOf(patients, kills, below)
    for (let round = 1; plan.length > 0; round += 1) {
      const traders = await Promise.all(
        patients.map(({ name }) => capture.startTrader(seed + round, name)),
      )
      for (const { patient, fault } of takeRound(plan)) {
        await sleep(below(BETWEEN_MS_MAX))
        say(`round ${round}: ${patient.name}: ${fault.name}`)
        await fault.run(patient)
        await noteAcknowledged(patient, result)
        result.faults += 1
        if (fault.isKill) result.kills += 1
      }
      await Promise.all(traders.map((trader) => trader.stop()))
      for (const patient of patients) await examine(patient, result)
    }
    result.operations = await countOperations(capture)
    return result
  } finally {
    await Promise.all(patients.map((patient) => patient.close()))
    await capture.stop()
  }
}

function nothingWrong(): Result {
  return {
    kills: 0,
    faults: 0,
    operations: 0,
    lost: 0,
    doubled: 0,
    cents_off: '0',
    invariants: { rows: 0, sums: 0, acknowledged_but_absent: 0 },
  }
}

/** Every fault comes to everyone once before any comes twice, in an order the seed decides. */
function planOf(patients: Admitted[], kills: number, below: (limit: number) => number): Planned[] {
  const plan: Planned[] = []
  const deck: Planned[] = []
  for (let planned = 0; planned < kills;) {
    if (deck.length === 0)
      deck.push(
        ...patients.flatMap((patient) => patient.faults.map((fault) => ({ patient, fault }))),
      )
    const [next] = deck.splice(below(deck.length), 1)
    if (!next) break
    plan.push(next)
    if (next.fault.isKill) planned += 1
  }
  return plan
}

function takeRound(plan: Planned[]): Planned[] {
  const round: Planned[] = []
  for (let kills = 0; kills < KILLS_PER_ROUND;) {
    const next = plan.shift()
    if (!next) break
    round.push(next)
    if (next.fault.isKill) kills += 1
  }
  return round
}

/** What Postgres was told is on ClickHouse's disk, at every moment. It was told first, so it is asked first. */
async function noteAcknowledged(
  { capture: { clickhouse }, sql, pipe, database }: Admitted,
  result: Result,
) {
  const [slot] = await sql<{ confirmed: string }[]>`
    select (confirmed_flush_lsn - '0/0'::pg_lsn)::text as confirmed
    from pg_replication_slots where slot_name = ${slotOf(pipe)}
  `
  const answer = await clickhouse.query({
    query: `
      select toString(argMax(commit_lsn, applied_at)) as lsn
      from ${database}.cdc_checkpoint where pipe = {pipe: String}`,
    query_params: { pipe },
    format: 'JSONEachRow',
  })
  const [checkpoint] = await answer.json<{ lsn: string }>()
  if (!slot || checkpoint?.lsn === '0') return
  if (BigInt(slot.confirmed) > BigInt(checkpoint?.lsn ?? '0'))
    count(result, 'acknowledged_but_absent')
}

async function examine(patient: Admitted, result: Result) {
  const { lost, doubled, cents_off, rows, sums } = await patient.examine()
  result.lost += lost
  result.doubled += doubled
  result.cents_off = String(BigInt(result.cents_off) + cents_off)
  for (const _ of rows) count(result, 'rows')
  for (const _ of sums) count(result, 'sums')
  const words = [...rows, ...sums.map((name) => `${name} differ`)]
  for (const word of words) process.stderr.write(`${patient.name}: ${word}\n`)
}

/** What the company has done. What the other did is not all to be seen: it also empties and drops its tables. */
async function countOperations({ sql }: Capture): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select (select count(*) from sales_order)::int + (select count(*) from order_event)::int as count
  `
  return row?.count ?? 0
}

function count(result: Result, invariant: string) {
  result.invariants[invariant] = (result.invariants[invariant] ?? 0) + 1
}

export function isWell(result: Result): boolean {
  const violations = Object.values(result.invariants).reduce((sum, one) => sum + one, 0)
  return result.lost + result.doubled + violations === 0 && result.cents_off === '0'
}
