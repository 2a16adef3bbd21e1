/** Behind `npm start`: everything up, in order and side by side, and down again whatever happens. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { MigrationChanged } from '../sql/migrate.ts'
import { stopChildren } from './child.ts'
import { type Config, readConfig } from './config.ts'
import { DEMO_RATE } from './demo.ts'
import { lockFolder } from './lock.ts'
import { assertPortsFree, assertRoom } from './preflight.ts'
import { Problem, explain } from './problem.ts'
import { createProgress } from './progress.ts'
import { addressesOf } from './services.ts'
import { type Options, startStack } from './stack.ts'
import { createSupervisor } from './supervise.ts'

const USAGE = 'usage: npm start [-- --empty --seed N --rate R --verbose]'
const RATE_MAX = 50

const options = readOptions()
if (options) await main(options)
else {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 2
}

async function main(options: Options & { isVerbose: boolean }) {
  const startedAt = Date.now()
  const progress = createProgress(options)
  const supervisor = createSupervisor((line) => progress.say(line))
  const config = readConfig()
  let unlock = () => {}

  const stop = async (code: number) => {
    supervisor.stop()
    await stopChildren()
    rmSync(join(config.DATA_DIR, 'instance.json'), { force: true })
    unlock()
    progress.close()
    process.exit(code)
  }
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      progress.say('Stopping…')
      void stop(0)
    })
  }

  try {
    assertRoom(config.DATA_DIR)
    const lock = lockFolder(config.DATA_DIR)
    unlock = lock.unlock
    // Postgres may run as another user, who has to get through to its files.
    chmodSync(config.DATA_DIR, 0o711)
    await assertPortsFree(config, lock)
    const stack = await startStack({ config, options, progress, supervisor })
    writeInstance(config, stack)
    announce({ config, stack, startMs: Date.now() - startedAt, say: progress.say })
  } catch (error) {
    if (isStopping) return
    isStopping = true
    progress.say(reasonOf(error))
    await stop(1)
  }
}

type Stack = Awaited<ReturnType<typeof startStack>>

/** What tools of this machine need to reach a running instance; the owner of the folder may read it. */
function writeInstance(config: Config, stack: Stack) {
  const instance = {
    ...addressesOf(config),
    clickhouse_url: stack.clickhouse.admin,
    database_url: stack.postgres.owner,
    token_secret: stack.tokenSecret,
    ...(stack.firstRun.is_demo
      ? { demo_password: stack.firstRun.password }
      : { admin_login: stack.firstRun.login, admin_password: stack.firstRun.password }),
  }
  const file = join(config.DATA_DIR, 'instance.json')
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(instance, null, 2), { mode: 0o600 })
}

type Announcement = { config: Config; stack: Stack; startMs: number; say: (line: string) => void }

function announce({ config, stack, startMs, say }: Announcement) {
  const addresses = addressesOf(config)
  const { firstRun, freshMs, isFirst } = stack
  say('')
  say(`Tributary is running: ${addresses.web_url}  (${(startMs / 1000).toFixed(1)} s)`)
  for (const { login, role, name } of firstRun.logins) say(`  ${login.padEnd(16)} ${role}, ${name}`)
  say(`Password for ${firstRun.is_demo ? 'each of them' : 'it'}: ${firstRun.password}`)
  say(freshMs === null ? 'The data is still on its way.' : `The data is ${freshMs} ms old.`)
  if (process.stdout.isTTY) return say('Ctrl-C stops it.')
  const ready = {
    ready: true,
    ...addresses,
    clickhouse_url: stack.clickhouse.admin,
    database_url: stack.postgres.owner,
    start_ms: startMs,
    first_run: isFirst,
  }
  say(JSON.stringify(ready))
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem || error instanceof MigrationChanged) return error.message
  // With its causes: the disk that is full is often the cause of a cause.
  const text = error instanceof Error ? inspect(error) : String(error)
  return explain(text) ?? text
}

function readOptions(): (Options & { isVerbose: boolean }) | null {
  try {
    const { values } = parseArgs({
      options: {
        empty: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        rate: { type: 'string', default: String(DEMO_RATE) },
        verbose: { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
      },
    })
    const [seed, rate] = [Number(values.seed), Number(values.rate)]
    if (!Number.isSafeInteger(seed) || !(rate >= 0 && rate <= RATE_MAX)) return null
    return { isEmpty: values.empty, isVerbose: values.verbose, isDev: values.dev, seed, rate }
  } catch {
    return null
  }
}
