/**
 * Business goes on while everything dies in turn; after each round all of it must be in ClickHouse, once.
 * The seed decides what is done to whom, when, and what business is.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { centsOff, differingSums } from './aggregates.ts'
import { compareAll } from './equal.ts'
import { createFaultProxy, type Point } from './fault-proxy.ts'
import { FAULTS, type Fault, type Patient } from './faults.ts'
import { createRandom, openShop } from './load.ts'
import { caughtUp, reached, startCapture, type Capture } from './stack.ts'

const KILLS_PER_ROUND = 5
const BETWEEN_MS_MAX = 400

export type Result = {
  kills: number
  faults: number
  operations: number
  lost: number
  doubled: number
  cents_off: string
  invariants: Record<string, number>
}

export type Options = { kills: number; seed: number; say?: (line: string) => void }

export async function torture({ kills, seed, say = () => {} }: Options): Promise<Result> {
  const result = nothingWrong()
  const capture = await startCapture()
  const below = createRandom(seed)
  let patient: (Patient & { close(): Promise<void> }) | null = null
  try {
    await openShop(capture)
    patient = await admit(capture)
    const plan = planOf(kills, below)
    for (let round = 1; plan.length > 0; round += 1) {
      const faults = takeRound(plan)
      const trader = await capture.startTrader(seed + round)
      for (const fault of faults) {
        await sleep(below(BETWEEN_MS_MAX))
        say(`round ${round}: ${fault.name}`)
        await fault.run(patient)
        await noteAcknowledged(capture, result)
        result.faults += 1
        if (fault.isKill) result.kills += 1
      }
      await trader.stop()
      await examine(patient, result)
    }
    const [row] = await capture.sql<{ count: number }[]>`
      select (select count(*) from sales_order)::int + (select count(*) from order_event)::int as count
    `
    result.operations = row?.count ?? 0
    return result
  } finally {
    await capture.stop()
    await patient?.close()
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

/** Every fault comes once before any comes twice, in an order the seed decides. */
function planOf(kills: number, below: (limit: number) => number): Fault[] {
  const plan: Fault[] = []
  const deck: Fault[] = []
  for (let planned = 0; planned < kills;) {
    if (deck.length === 0) deck.push(...FAULTS)
    const [fault] = deck.splice(below(deck.length), 1)
    if (!fault) break
    plan.push(fault)
    if (fault.isKill) planned += 1
  }
  return plan
}

function takeRound(plan: Fault[]): Fault[] {
  const round: Fault[] = []
  for (let kills = 0; kills < KILLS_PER_ROUND;) {
    const fault = plan.shift()
    if (!fault) break
    round.push(fault)
    if (fault.isKill) kills += 1
  }
  return round
}

async function admit(capture: Capture) {
  const facts = await factsOf(capture)
  const proxy = await createFaultProxy(capture.clickhouseUrl, (table) => pointOf(table, facts))
  const start = (environment: Record<string, string> = {}, ...flags: string[]) =>
    capture.startIngestWith({ CLICKHOUSE_URL: proxy.url(), ...environment }, ...flags)
  const ingest = await start()
  await reached(ingest, 'streaming')
  const patient = {
    capture,
    proxy,
    ingest,
    async restart(environment?: Record<string, string>, ...flags: string[]) {
      patient.ingest = await start(environment, ...flags)
    },
    startTwin: () => start(),
    close: proxy.close,
  }
  return patient
}

async function factsOf({ clickhouse }: Capture): Promise<Set<string>> {
  const result = await clickhouse.query({
    query: `
      select name from system.tables
      where database = currentDatabase() and engine = 'MergeTree'`,
    format: 'JSONEachRow',
  })
  return new Set((await result.json<{ name: string }>()).map(({ name }) => name))
}

function pointOf(table: string, facts: Set<string>): Point {
  if (table === 'cdc_checkpoint') return 'checkpoint'
  return facts.has(table) ? 'facts' : 'mirrors'
}

/** What Postgres was told is on ClickHouse's disk, at every moment. It was told first, so it is asked first. */
async function noteAcknowledged({ sql, clickhouse }: Capture, result: Result) {
  const [slot] = await sql<{ confirmed: string }[]>`
    select (confirmed_flush_lsn - '0/0'::pg_lsn)::text as confirmed
    from pg_replication_slots where slot_name = 'tributary_main'
  `
  const answer = await clickhouse.query({
    query: `
      select toString(argMax(commit_lsn, applied_at)) as lsn
      from cdc_checkpoint where pipe = 'main'`,
    format: 'JSONEachRow',
  })
  const [checkpoint] = await answer.json<{ lsn: string }>()
  if (!slot || checkpoint?.lsn === '0') return
  if (BigInt(slot.confirmed) > BigInt(checkpoint?.lsn ?? '0'))
    count(result, 'acknowledged_but_absent')
}

async function examine({ capture, ingest }: Patient, result: Result) {
  await caughtUp(capture, ingest)
  for (const comparison of await compareAll(capture)) {
    result.lost += comparison.missing
    result.doubled += comparison.extra
    if (comparison.difference === null) continue
    count(result, 'rows')
    process.stderr.write(`${comparison.table}: ${comparison.difference}\n`)
  }
  for (const name of await differingSums(capture)) {
    count(result, 'sums')
    process.stderr.write(`${name} differ\n`)
  }
  result.cents_off = String(BigInt(result.cents_off) + (await centsOff(capture)))
}

function count(result: Result, invariant: string) {
  result.invariants[invariant] = (result.invariants[invariant] ?? 0) + 1
}

export function isWell(result: Result): boolean {
  const violations = Object.values(result.invariants).reduce((sum, one) => sum + one, 0)
  return result.lost + result.doubled + violations === 0 && result.cents_off === '0'
}
