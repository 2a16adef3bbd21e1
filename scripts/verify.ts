/** `npm run verify -- NAME`: one claim of the project, checked. The list is what there is to verify. */
import { runNode } from './run.ts'

const CLAIMS: Record<string, string> = { dashboards: 'dashboards/check.ts' }

const [name = '', ...rest] = process.argv.slice(2)
const file = CLAIMS[name]
if (file === undefined || rest.length > 0) {
  process.stderr.write(`usage: npm run verify -- ${Object.keys(CLAIMS).join('|')}\n`)
  process.exitCode = 2
} else {
  const { code, output } = await runNode([file])
  process.stdout.write(`${output}\n`)
  process.exitCode = code
}
