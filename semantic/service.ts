/** The whole service without its port: what the process runs, and what tests run in their own. */
import { ALL_ROWS } from './access.ts'
import { createAnswers, type Answers } from './answer.ts'
import { createApp } from './app.ts'
import { createRun, OWN_LIMITS, QUERY_LIMITS, type Run } from './clickhouse.ts'
import type { Config } from './config.ts'
import type { ToDaily } from './daily.ts'
import { createCube, type ViewMeta } from './cube.ts'
import { createInstance } from './instance.ts'
import { readCheckpoint, shareFresh, type Checkpoint } from './watermark.ts'
import { createWire } from './wire.ts'

type Settings = Pick<Config, 'CLICKHOUSE_URL' | 'TOKEN_SECRET' | 'PIPE' | 'LOG_LEVEL'>

type Others = { toDaily?: ToDaily; running?: (run: Run) => Run }

/** With another `toDaily` it answers by other ways, which must come to the same; `running` sees what is run. */
export async function createService(config: Settings, { running, ...others }: Others = {}) {
  const wire = createWire(config.CLICKHOUSE_URL, QUERY_LIMITS.running)
  const ownWire = createWire(config.CLICKHOUSE_URL, OWN_LIMITS.running)
  const runOwn = createRun(ownWire, OWN_LIMITS)
  const run = createRun(wire)
  const cube = createCube(running ? running(run) : run)
  const views = await cube.views()
  const answers = createAnswers({ cube, views, instance: createInstance(runOwn), ...others })
  const checkpoint = shareFresh(() => readCheckpoint(runOwn, config.PIPE))
  const app = createApp({
    answers,
    checkpoint,
    ping: () => ping(runOwn),
    secret: config.TOKEN_SECRET,
    logLevel: config.LOG_LEVEL,
  })
  app.addHook('onClose', () => {
    wire.close()
    ownWire.close()
  })
  for (const view of views) {
    await warm(answers, view, checkpoint).catch((error: unknown) => {
      app.log.warn({ err: error, view: view.name }, 'Could not warm up; its first question is slow')
    })
  }
  return { app, answers, cube, views }
}

async function ping(run: Run) {
  await run('select 1', [])
}

/** Compiling, and loading Cube's SQL writer, take seconds, once; nobody should wait for them. */
async function warm(
  { answer }: Answers,
  { measures, dimensions }: ViewMeta,
  checkpoint: () => Promise<Checkpoint | null>,
) {
  const time = dimensions.find(({ type }) => type === 'time')?.name
  const query = { measures: measures.map(({ name }) => name), limit: 1 }
  const scope = { role: 'admin', rows: ALL_ROWS }
  if (time === undefined) {
    await answer(query, scope, await checkpoint())
    return
  }
  for (const granularity of [undefined, 'hour']) {
    // A day before all facts: what is warmed is the way to an answer, not the answer.
    const range = { dimension: time, dateRange: ['2000-01-01', '2000-01-01'] }
    const timeDimensions = [{ ...range, ...(granularity && { granularity }) }]
    await answer({ ...query, timeDimensions }, scope, await checkpoint())
  }
}
