/**
 * Behind every npm command. Plain JavaScript without a dependency, because it runs on whatever Node
 * the machine has and before anything is installed; then Node 24 runs the command's TypeScript.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from './child.mjs'
import { commands } from './commands.mjs'
import { BootstrapProblem, nodeFor, packages } from './packages.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3))
} catch (error) {
  if (!(error instanceof BootstrapProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  // An installation that was interrupted ends as the signal says, not as a failure of its own.
  process.exitCode = error.cause > 128 ? error.cause : 1
}

async function main(name, args) {
  const command = commands[name]
  if (!command) {
    process.stderr.write(`usage: npm run ${Object.keys(commands).join('|')}\n`)
    return 2
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${[`usage: ${command.usage}`, ...command.help].join('\n')}\n`)
    return 0
  }
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new BootstrapProblem('Tributary runs on Linux (x64); on Windows, use WSL.')
  }
  const tools = await nodeFor(root)
  await packages(root, tools)
  const file = join(root, command.file)
  if (!existsSync(file)) throw new BootstrapProblem(`${command.file} is not in this checkout.`)

  return runChild(tools.node, [file, ...(command.arguments || []), ...args], {
    env: {
      ...process.env,
      PATH: `${dirname(tools.node)}:${process.env.PATH ?? ''}`,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.cache', 'compile'),
    },
  })
}
