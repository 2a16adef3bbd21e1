/** npm run bench -- NAME: runs one benchmark and prints its figures as one line of JSON, last. */
import { machine } from './lib/machine.ts'
import { stopAll } from './lib/engines.ts'

type Figures = Record<string, unknown>
type Benchmark = { run(args: string[]): Promise<Figures> }

const BENCHMARKS: Record<string, () => Promise<Benchmark>> = {
  alerts: () => import('./alerts.ts'),
  catchup: () => import('./catchup.ts'),
  freshness: () => import('./freshness.ts'),
  import: () => import('./import.ts'),
  live: () => import('./live.ts'),
  pivot: () => import('./pivot.ts'),
  snapshot: () => import('./snapshot.ts'),
  soak: () => import('./soak.ts'),
  tiles: () => import('./tiles.ts'),
  viewers: () => import('./viewers.ts'),
  web: () => import('./web.ts'),
}

const [name = '', ...args] = process.argv.slice(2)
const load = BENCHMARKS[name]
if (!load) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHMARKS).join('|')} [options]\n`)
  process.exit(2)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stopAll().finally(() => process.exit(1))
  })
}

try {
  const benchmark = await load()
  const figures = await benchmark.run(args)
  process.stdout.write(`${JSON.stringify({ bench: name, ...figures, machine: machine() })}\n`)
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exitCode = 1
} finally {
  await stopAll()
}
