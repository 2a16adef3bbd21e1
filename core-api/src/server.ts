/** Listens, and stops in order: no new connections, the requests at hand end, then the database. */
import { startEvaluator } from './alerts/evaluator.ts'
import { readConfig } from './config.ts'
import { buildApp } from './app.ts'
import { startJobs } from './jobs.ts'
import { connect, disconnect } from './lib/postgres.ts'

const STOP_MS_MAX = 2_500

const config = readConfig()
const sql = connect(config.DATABASE_URL)
const app = await buildApp({
  sql,
  tokenSecret: config.TOKEN_SECRET,
  trustProxy: config.TRUST_PROXY,
  logger: { level: config.LOG_LEVEL, stream: process.stderr },
})

let isStopping = false
// A kept-alive connection would wait for its next request, and the process with it.
app.addHook('onSend', async (_request, reply) => {
  if (isStopping) reply.header('connection', 'close')
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    // A request that hangs must not keep the process: what it had not committed never happened.
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref()
    void stop()
  })
}

await app.listen({ host: config.HOST, port: config.PORT })
const setting = { sql, log: app.log, unpaidMinutes: config.UNPAID_MINUTES }
const jobs = startJobs(setting)
const evaluator = startEvaluator(setting)

async function stop(): Promise<void> {
  await Promise.all([app.close(), jobs.stop(), evaluator.stop()])
  await disconnect(sql)
  // The driver's timers of connections that an outage has broken would keep the process.
  process.exit(0)
}
