/** `npm test`: every suite, the count alone on the last line, and in CI a skipped test is a failure. */
import { join } from 'node:path'
import { createVitest, type TestModule } from 'vitest/node'
import { root } from '../local/root.ts'

const PROJECTS = ['unit', 'db', 'e2e']
/** Real data that a checkout need not have beside it: its tests say so aloud, and no build fails for it. */
const OPTIONAL_DATA = /Online Retail/
const USAGE = `usage: npm test [-- ${PROJECTS.join('|')}] [FILTER…]`

type Counts = { passed: number; failed: number; skipped: string[] }

const args = process.argv.slice(2)
if (args.some((arg) => arg.startsWith('-'))) {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 2
} else {
  const projects = args.filter((arg) => PROJECTS.includes(arg))
  const filters = args.filter((arg) => !PROJECTS.includes(arg))
  process.exitCode = await run(projects.length > 0 ? projects : PROJECTS, filters)
}

async function run(projects: string[], filters: string[]): Promise<number> {
  process.chdir(root)
  const vitest = await createVitest('test', {
    watch: false,
    project: projects,
    config: join(root, 'vitest.config.ts'),
  })
  let isInterrupted = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isInterrupted = true
      void vitest.cancelCurrentRun('keyboard-input')
    })
  }
  try {
    const { testModules, unhandledErrors } = await vitest.start(filters)
    const { passed, failed, skipped } = count(testModules)
    const isStrict = process.env.CI === 'true'
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`)
    const refused = isStrict ? skipped.filter((name) => !OPTIONAL_DATA.test(name)) : []
    if (refused.length > 0) process.stdout.write('In CI a skip is a failure.\n')
    const broken = failed + unhandledErrors.length
    await vitest.close()
    process.stdout.write(`${passed} passed, ${broken} failed, ${skipped.length} skipped\n`)
    const isFine = broken === 0 && passed > 0 && refused.length === 0
    return isFine && !isInterrupted ? 0 : 1
  } finally {
    await vitest.close()
  }
}

/** A file that could not even be loaded has no tests to count, and is a failure all the same. */
function count(modules: TestModule[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] }
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed++
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') counts.passed++
      else if (state === 'failed') counts.failed++
      else counts.skipped.push(`${module.relativeModuleId}: ${test.fullName}`)
    }
  }
  return counts
}
