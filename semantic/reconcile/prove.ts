/** Every measure beside its oracle, as of one position of the log, on whatever data there is. */
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { BATCH_QUERIES_MAX } from '../batch.ts'
import { createRun, OWN_LIMITS } from '../clickhouse.ts'
import { createService } from '../service.ts'
import {
  askOracle,
  batch,
  comparable,
  queryOf,
  relationOf,
  SECRET,
  type Row,
} from '../test/compare.ts'
import { createOracle, type Asks } from '../test/oracle.ts'
import { readCheckpoint } from '../watermark.ts'
import { createWire } from '../wire.ts'
import { createAsOf } from './as-of.ts'
import { stopIn, stopPostgres, type Clock } from './clock.ts'
import { atMoment, boundOf, type Moment } from './moment.ts'
import { questionsOf, viewNames, type Asked } from './questions.ts'

/** What deviates is looked at again: between two looks at a mirror a merge may have dropped a row. */
const MOMENTS_MAX = 3
const DISTRIBUTORS_ASKED = 3

export type Sides = { databaseUrl: string; clickhouseUrl: string; pipe: string }
export type Difference = { asked: Asked; missing: string[]; extra: string[] }
export type Outcome = {
  lsn: bigint
  asOf: Date
  checks: number
  measures: number
  differences: Difference[]
}
type Service = Awaited<ReturnType<typeof createService>>

/** The same process as answers everybody, over the tables as of the moment; only this one can ask it. */
export async function proveMeasures(sides: Sides, views = viewNames()) {
  const wire = createWire(sides.clickhouseUrl, OWN_LIMITS.running)
  const client = clientOf(sides.clickhouseUrl)
  const asOf = await createAsOf(client, sides.clickhouseUrl)
  const run = createRun(wire, OWN_LIMITS)
  const proof = {
    databaseUrl: sides.databaseUrl,
    checkpoint: () => readCheckpoint(run, sides.pipe),
  }
  const clock: Clock = { second: 0 }
  let service: Service | undefined

  async function prove(moment: Moment, open: string[]) {
    await asOf.hold()
    await asOf.setBound(boundOf(moment))
    clock.second = moment.clock.second
    // Its tables are there only now; what it compiles is kept for the next moment.
    service ??= await createService(
      {
        CLICKHOUSE_URL: asOf.address,
        TOKEN_SECRET: SECRET,
        PIPE: sides.pipe,
        LOG_LEVEL: 'error',
      },
      { running: (ran) => stopIn(ran, clock) },
    )
    const sql = stopped(moment)
    await createOracle(sql)
    const oracle = oracleAt(sql)
    for (const view of open) outcomes.set(view, await proveView(moment, oracle, service, view))
  }

  const outcomes = new Map<string, Outcome>()
  try {
    let open = views
    for (let attempt = 1; attempt <= MOMENTS_MAX && open.length > 0; attempt += 1) {
      await asOf.hold('anew')
      await atMoment(proof, (moment) => prove(moment, open))
      open = open.filter((view) => outcomes.get(view)?.differences.length !== 0)
    }
    return outcomes
  } finally {
    await service?.app.close()
    await asOf.drop()
    wire.close()
    await client.close()
  }
}

/** What is written takes the engine's own client; its address has no database in it. */
function clientOf(address: string) {
  const url = new URL(address)
  url.pathname = ''
  return createClient({ url, log: { level: ClickHouseLogLevel.OFF } })
}

function stopped({ sql, clock }: Moment): Asks {
  return { unsafe: (text, values) => sql.unsafe(stopPostgres(text, clock), values) }
}

/** What many questions are answered from is computed once, and kept as long as the connection. */
function oracleAt(sql: Asks) {
  const kept = new Map<string, string>()

  return async ({ who, question }: Asked, timeZone: string) => {
    // Some are of who asks: a row's id, or nobody's.
    const id = who.distributor_id === null ? 'null' : `'${BigInt(who.distributor_id)}'`
    const relation = relationOf(question, timeZone).replaceAll('$1', id)
    const name = kept.get(relation) ?? `oracle_kept_${kept.size}`
    if (!kept.has(relation)) {
      await sql.unsafe(`create temporary table ${name} as select * from ${relation}`)
      await sql.unsafe(`analyze ${name}`)
      kept.set(relation, name)
    }
    return askOracle(sql, timeZone, who, question, name)
  }
}

/** Either side goes through the questions on its own; neither waits for the other. */
async function proveView(
  moment: Moment,
  oracle: ReturnType<typeof oracleAt>,
  service: Service,
  view: string,
): Promise<Outcome> {
  const { time_zone, asked } = await questionsAt(moment, view)
  const [answers, truths] = await Promise.all([
    answersTo(service, asked),
    inTurn(asked, (each) => oracle(each, time_zone)),
  ])
  const differences = asked.flatMap((each, index): Difference[] => {
    const answer = new Set(comparable(answers[index] ?? [], view))
    const truth = new Set(comparable(truths[index] ?? [], view))
    const missing = [...truth.difference(answer)]
    const extra = [...answer.difference(truth)]
    return missing.length + extra.length > 0 ? [{ asked: each, missing, extra }] : []
  })
  const { lsn, asOf } = moment
  const measures = queryOf(asked[0]?.question ?? noQuestion(view)).measures?.length ?? 0
  return { lsn, asOf, checks: asked.length, measures, differences }
}

async function answersTo(service: Service, asked: Asked[]): Promise<Row[][]> {
  const byWho = Map.groupBy(asked, ({ who }) => `${who.role} ${who.distributor_id}`)
  const answers = new Map<Asked, Row[]>()
  for (const group of byWho.values()) {
    for (let first = 0; first < group.length; first += BATCH_QUERIES_MAX) {
      const some = group.slice(first, first + BATCH_QUERIES_MAX)
      const [one] = some
      if (one === undefined) continue
      const queries = some.map(({ question }) => queryOf(question))
      for (const [index, result] of (await batch(service.app, one.who, queries)).entries()) {
        if (result.problem) throw new Error(JSON.stringify(result.problem))
        const each = some[index]
        if (each) answers.set(each, result.data)
      }
    }
  }
  return asked.map((each) => answers.get(each) ?? [])
}

async function inTurn<Each, Made>(all: Each[], make: (each: Each) => Promise<Made>) {
  const made: Made[] = []
  for (const each of all) made.push(await make(each))
  return made
}

function noQuestion(view: string): never {
  throw new Error(`nothing is asked of ${view}`)
}

async function questionsAt({ sql }: Moment, view: string) {
  const [instance] = await sql<{ time_zone: string }[]>`select time_zone from instance`
  const distributors = await sql<{ id: string }[]>`
    select id::text
    from distributor
    order by md5(id::text)
    limit ${DISTRIBUTORS_ASKED}
  `
  const time_zone = instance?.time_zone ?? 'UTC'
  const ids = distributors.map(({ id }) => id)
  return { time_zone, asked: questionsOf(view, time_zone, ids) }
}
