/** Who stands beside somebody is told in steps: how many, never who. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from './service.ts'
import { askOracle, batch, comparable, queryOf, SECRET, type Question } from './test/compare.ts'
import { foundCompany, idOf, lastWeeks } from './test/company.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { writeOrder } from './test/history.ts'
import { createOracle } from './test/oracle.ts'
import { createRandom } from './test/random.ts'

const PEERS = 8
const ORDERS = 40
const TOLD = ['peers.step_cents', 'peers.whose', 'peers.distributor_count', 'peers.behind_cents']

let databases: Databases
let service: Awaited<ReturnType<typeof createService>>
let parent: string
let peers: string[]
const era = lastWeeks()
const whole: Question = {
  view: 'peers',
  dimensions: ['step_cents', 'whose'],
  ...{ granularity: null, range: null, only: null },
}

beforeAll(async () => {
  databases = await startDatabases()
  const { sql } = databases
  const random = createRandom(20_261_130)
  const company = await foundCompany(sql, random, era)
  parent = company.distributors[0] ?? ''
  await sql`update distributor set parent_id = null where parent_id = ${parent}`
  peers = []
  for (let index = 0; index < PEERS; index += 1) {
    peers.push(
      await idOf(sql`
        insert into distributor (code, name, parent_id, grade, joined_at)
        values (${`peer-${index}`}, ${`Peer ${index}`}, ${parent}, 'standard', ${new Date(era.from)})
        returning id
      `),
    )
  }
  // The last of them sells nothing, and is counted all the same.
  const sellers = { ...company, distributors: peers.slice(0, -1) }
  for (let number = 0; number < ORDERS; number += 1) await writeOrder(sql, random, sellers, number)
  await databases.copy()
  await moveCheckpoint(databases.clickhouse, 'sales', 'catalog')
  await createOracle(sql)
  service = await createService({
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'warn',
  })
})
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

async function ask(distributor_id: string) {
  const who = { role: 'distributor', distributor_id }
  const [result] = await batch(service.app, who, [queryOf(whole)])
  expect(result?.problem).toBeUndefined()
  return { who, rows: result?.data ?? [] }
}

test('everybody sees all that stand beside him, himself apart, as the operational tables have it', async () => {
  for (const peer of peers) {
    const { who, rows } = await ask(peer)
    const truth = await askOracle(databases.sql, era.time_zone, who, whole)
    expect(comparable(rows, 'peers')).toEqual(comparable(truth, 'peers'))
    const count = (of: typeof rows) =>
      of.reduce((sum, row) => sum + Number(row['peers.distributor_count']), 0)
    expect(count(rows)).toBe(PEERS)
    expect(count(rows.filter((row) => row['peers.whose'] === 'own'))).toBe(1)
  }
})

test('what goes over the wire are steps and counts: no id, no name', async () => {
  const { rows } = await ask(peers[0] ?? '')
  for (const row of rows) expect(Object.keys(row).toSorted()).toEqual(TOLD.toSorted())
  expect(JSON.stringify(rows)).not.toContain('Peer')
})

test('with fewer than five others nobody is told anything', async () => {
  const alone = await idOf(databases.sql`
    insert into distributor (code, name, parent_id) values ('alone', 'Alone', ${peers[0] ?? null}) returning id
  `)
  await databases.copy()
  await moveCheckpoint(databases.clickhouse, 'catalog')
  expect((await ask(alone)).rows).toEqual([])
})
