/** Every measure beside its oracle, as of one position of the log, on whatever data there is. */
import { connect, createRun } from '../clickhouse.ts'
import { createService } from '../service.ts'
import { askOracle, batch, comparable, queryOf, SECRET } from '../test/compare.ts'
import { createOracle } from '../test/oracle.ts'
import { readCheckpoint } from '../watermark.ts'
import { createAsOf, type AsOf } from './as-of.ts'
import { atMoment, boundOf, type Moment } from './moment.ts'
import { questionsOf, viewNames, type Asked } from './questions.ts'

/** What deviates is looked at again: a merge may have dropped a mirror's row, a window that ends now may have moved. */
const MOMENTS_MAX = 4
const DISTRIBUTORS_ASKED = 3

export type Sides = { databaseUrl: string; clickhouseUrl: string; pipe: string }
export type Difference = { asked: Asked; missing: string[]; extra: string[] }
export type Outcome = { lsn: bigint; asOf: Date; checks: number; differences: Difference[] }
type Service = Awaited<ReturnType<typeof createService>>

export async function proveMeasures(sides: Sides, views = viewNames()) {
  const client = connect(sides.clickhouseUrl)
  const asOf = await createAsOf(client, sides.clickhouseUrl)
  try {
    return await reconcile(sides, client, asOf, views)
  } finally {
    await asOf.drop()
    await client.close()
  }
}

/** The same process as answers everybody, over the views as of the moment; only this one can ask it. */
async function reconcile(
  sides: Sides,
  client: ReturnType<typeof connect>,
  asOf: AsOf,
  views: string[],
) {
  const run = createRun(client)
  const proof = {
    databaseUrl: sides.databaseUrl,
    checkpoint: () => readCheckpoint(run, sides.pipe),
  }
  await atMoment(proof, (moment) => asOf.setBound(boundOf(moment)))
  const service = await createService({
    CLICKHOUSE_URL: asOf.address,
    TOKEN_SECRET: SECRET,
    PIPE: sides.pipe,
    LOG_LEVEL: 'error',
  })
  try {
    let open = views
    const outcomes = new Map<string, Outcome>()
    for (let attempt = 1; attempt <= MOMENTS_MAX && open.length > 0; attempt += 1) {
      await atMoment(proof, async (moment) => {
        await asOf.setBound(boundOf(moment))
        await createOracle(moment.sql)
        for (const view of open) outcomes.set(view, await proveView(moment, service, view))
      })
      open = open.filter((view) => outcomes.get(view)?.differences.length !== 0)
    }
    return outcomes
  } finally {
    await service.app.close()
  }
}

async function proveView(moment: Moment, service: Service, view: string): Promise<Outcome> {
  const differences: Difference[] = []
  const asked = await questionsAt(moment, view)
  for (const { who, question, time_zone } of asked) {
    const [result] = await batch(service.app, who, [queryOf(question)])
    if (result === undefined || result.problem) throw new Error(JSON.stringify(result?.problem))
    const answer = comparable(result.data, view)
    const truth = comparable(await askOracle(moment.sql, time_zone, who, question), view)
    const missing = truth.filter((row) => !answer.includes(row))
    const extra = answer.filter((row) => !truth.includes(row))
    if (missing.length + extra.length > 0) {
      differences.push({ asked: { who, question }, missing, extra })
    }
  }
  return { lsn: moment.lsn, asOf: moment.asOf, checks: asked.length, differences }
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
  return questionsOf(
    view,
    time_zone,
    distributors.map(({ id }) => id),
  ).map((asked) => ({ ...asked, time_zone }))
}
