/** The whole service without its port: what the process runs, and what tests run in their own. */
import { ALL_ROWS } from './access.ts'
import { createAnswers } from './answer.ts'
import { createApp } from './app.ts'
import { connect, createRun, type Run } from './clickhouse.ts'
import type { Config } from './config.ts'
import { createCube, type Cube, type ViewMeta } from './cube.ts'
import { createInstance } from './instance.ts'
import { readCheckpoint, shareFresh } from './watermark.ts'

export async function createService(
  config: Pick<Config, 'CLICKHOUSE_URL' | 'TOKEN_SECRET' | 'PIPE' | 'LOG_LEVEL'>,
) {
  const client = connect(config.CLICKHOUSE_URL)
  const run = createRun(client)
  const cube = createCube(run)
  const views = await cube.views()
  const answers = createAnswers({ cube, views, instance: createInstance(run) })
  const app = createApp({
    answers,
    checkpoint: shareFresh(() => readCheckpoint(run, config.PIPE)),
    ping: () => ping(run),
    secret: config.TOKEN_SECRET,
    logLevel: config.LOG_LEVEL,
  })
  app.addHook('onClose', () => client.close())
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
