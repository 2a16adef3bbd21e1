/** `npm run check`: format, lint, types and generated files, all of them, before it says what failed. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../local/root.ts'
import { readIfThere } from './files.ts'
import { generators, pathOf } from './generators.ts'
import { type Outcome, runNode } from './run.ts'

type Check = { name: string; run: () => Promise<Outcome> }

const modules = join(root, 'node_modules')
const web = join(root, 'web')

const checks: Check[] = [
  {
    name: 'format',
    run: () =>
      runNode([join(modules, 'prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']),
  },
  { name: 'lint', run: lint },
  { name: 'types', run: () => runNode([join(modules, 'typescript/bin/tsc'), '--project', root]) },
  { name: 'web types', run: checkWeb },
  { name: 'dashboards', run: () => runNode([join(root, 'dashboards/check.ts')]) },
  { name: 'generated', run: checkGenerated },
]

const failed: string[] = []
for (const { name, run } of checks) {
  const started = Date.now()
  const { code, output } = await run()
  const isFine = code === 0
  process.stdout.write(`${isFine ? '✓' : '✗'} ${name} (${Date.now() - started} ms)\n`)
  if (isFine) continue
  process.stdout.write(`${output}\n`)
  failed.push(name)
}
process.stdout.write(
  `${JSON.stringify(failed.length === 0 ? { check: 'ok' } : { check: 'failed', failed })}\n`,
)
process.exitCode = failed.length === 0 ? 0 : 1

/** The web's own settings are made by its framework; a fresh checkout has none, and a linter stumbles there. */
async function lint(): Promise<Outcome> {
  const sync = await runNode([join(modules, '@sveltejs/kit/svelte-kit.js'), 'sync'], web)
  if (sync.code !== 0) return sync
  return runNode([join(modules, 'oxlint/bin/oxlint'), '--quiet'])
}

async function checkWeb(): Promise<Outcome> {
  return runNode(
    [join(modules, 'svelte-check/bin/svelte-check'), '--fail-on-warnings', '--output', 'human'],
    web,
  )
}

/** Each is made again and compared; a check changes nothing, so what was there is put back. */
async function checkGenerated(): Promise<Outcome> {
  const stale: string[] = []
  for (const generator of generators) {
    const file = pathOf(generator)
    const before = readIfThere(file)
    const outcome = await runNode(generator.command)
    if (outcome.code !== 0) return outcome
    if (readIfThere(file) === before) continue
    stale.push(`${generator.file} is stale: run npm run generate`)
    if (before !== null) writeFileSync(file, before)
    else if (existsSync(file)) rmSync(file)
  }
  return { code: stale.length === 0 ? 0 : 1, output: stale.join('\n') }
}
