/** `npm run generate`: brings every generated file up to date and says which were not. */
import { readIfThere } from './files.ts'
import { generators, pathOf } from './generators.ts'
import { runNode } from './run.ts'

const changed: string[] = []
for (const generator of generators) {
  const before = readIfThere(pathOf(generator))
  const { code, output } = await runNode(generator.command)
  if (code !== 0) {
    process.stderr.write(`${generator.file}:\n${output}\n`)
    process.exit(1)
  }
  if (readIfThere(pathOf(generator)) !== before) changed.push(generator.file)
}
process.stdout.write(`${JSON.stringify({ generate: generators.length, changed })}\n`)
