/** The whole service without its port: what the process runs, and what tests run in their own. */
import { ALL_ROWS } from './access.ts'
import { createAnswers } from './answer.ts'
import { createApp } from './app.ts'
import { connect, createRun, OWN_LIMITS, type Run } from './clickhouse.ts'
import type { Config } from './config.ts'
import type { ToDaily } from './daily.ts'
import { createCube, type Cube, type ViewMeta } from './cube.ts'
import { createInstance } from './instance.ts'
import { readCheckpoint, shareFresh } from './watermark.ts'

type Settings = Pick<Config, 'CLICKHOUSE_URL' | 'TOKEN_SECRET' | 'PIPE' | 'LOG_LEVEL'>

/** With another `toDaily` than its own it answers by other ways, which must come to the same. */
export async function createService(config: Settings, others: { toDaily?: ToDaily } = {}) {
  const client = connect(config.CLICKHOUSE_URL)
  const ownClient = connect(config.CLICKHOUSE_URL, OWN_LIMITS.running)
  const runOwn = createRun(ownClient, OWN_LIMITS)
  const cube = createCube(createRun(client))
  const views = await cube.views()
  const answers = createAnswers({ cube, views, instance: createInstance(runOwn), ...others })
  const app = createApp({
    answers,
    checkpoint: shareFresh(() => readCheckpoint(runOwn, config.PIPE)),
    ping: () => ping(runOwn),
    secret: config.TOKEN_SECRET,
    logLevel: config.LOG_LEVEL,
  })
  app.addHook('onClose', () => Promise.all([client.close(), ownClient.close()]))
  await warm(cube, views).catch((error: unknown) => {
    app.log.warn({ err: error }, 'Could not warm up; the first questions will be slower')
  })
  return { app, answers, cube, views }
}

async function ping(run: Run) {
  await run('select 1', [])
}

/** Compiling and loading Cube's SQL writer takes about a second, once; nobody should wait for it. */
async function warm(cube: Cube, views: ViewMeta[]) {
  for (const view of views) {
    const measures = view.measures.map(({ name }) => name)
    await cube.load({ measures, limit: 1, timezone: 'UTC' }, { role: 'admin', rows: ALL_ROWS })
  }
}
