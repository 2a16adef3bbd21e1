import { expect, test } from 'vitest'
import { createCube, type SqlPart } from './cube.ts'
import { SQL_USER, startSqlApi } from './sql-api.ts'

const SETTINGS = { SQL_PORT: 15_432, SQL_PASSWORD: 'a long enough password' }
type Init = Parameters<SqlPart['server']['init']>[0]

/** What Cube's own server would be started with. */
function recorder(isNative = true) {
  const started: Init[] = []
  const server = { init: async (options: Init) => void started.push(options) }
  return { part: { isNative, server }, started }
}

const cube = createCube(() => Promise.reject(new Error('nothing is asked')))

test('without a port nothing is opened', async () => {
  const { part, started } = recorder()
  expect(await startSqlApi(part, [], {})).toBeNull()
  expect(started).toEqual([])
})

test('without the binary, or without a password, it is refused by name', async () => {
  const { part } = recorder(false)
  await expect(startSqlApi(part, [], SETTINGS)).rejects.toThrow('@cubejs-backend/native')
  await expect(startSqlApi(part, [], { SQL_PORT: 1 })).rejects.toThrow('SQL_PASSWORD')
})

test('over the model as it is, one user is let in, with the rows of the whole company', async () => {
  const { part, started } = recorder()
  expect(await startSqlApi(part, await cube.views(), SETTINGS)).toBe(SETTINGS.SQL_PORT)
  const [options] = started
  expect(options?.pgSqlPort).toBe(SETTINGS.SQL_PORT)
  expect(await options?.checkSqlAuth({}, SQL_USER, null)).toEqual({
    password: SETTINGS.SQL_PASSWORD,
    securityContext: { scope: 'all', isSql: true },
  })
  await expect(options?.checkSqlAuth({}, 'cube', null)).rejects.toThrow('No such user')
  expect(await options?.canSwitchSqlUser(SQL_USER, 'admin')).toBe(false)
}, 60_000)

test('a model that shuts something to this user opens no port', async () => {
  const { part, started } = recorder()
  const name = { name: 'sales.customer', meta: { forbidden_to: [SQL_USER] } }
  const views = [{ name: 'sales', meta: {}, dimensions: [name] }]
  await expect(startSqlApi(part, views, SETTINGS)).rejects.toThrow('sales.customer')
  expect(started).toEqual([])
})
