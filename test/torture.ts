/** npm run torture -- NAME: random work under faults, then the oracle; the last line is JSON. */
import { parseArgs } from 'node:util'
import { stopChildren } from '../local/child.ts'
import { isWell, torture } from './capture/torture.ts'

const USAGE = 'npm run torture -- cdc [--kills 200] [--seed 1]'
const MINUTES_MAX = 60

const wanted = readArguments()
if (!wanted) {
  process.stderr.write(`usage: ${USAGE}\n`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopChildren().finally(() => process.exit(1)))
}
const timer = setTimeout(() => {
  process.stderr.write(`torture gave up after ${MINUTES_MAX} minutes\n`)
  void stopChildren().finally(() => process.exit(1))
}, MINUTES_MAX * 60_000)

const startedAt = performance.now()
try {
  const result = await torture({ ...wanted, say: (line) => process.stdout.write(`${line}\n`) })
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  process.stdout.write(
    `${JSON.stringify({ torture: 'cdc', seed: wanted.seed, ...result, seconds })}\n`,
  )
  process.exitCode = isWell(result) ? 0 : 1
} catch (error) {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${reason}\n`)
  process.exitCode = 1
  await stopChildren()
} finally {
  clearTimeout(timer)
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        kills: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
      },
    })
    const kills = Number(values.kills)
    const seed = Number(values.seed)
    const isKnown = positionals.length === 1 && positionals[0] === 'cdc'
    if (!isKnown || !Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) return null
    return { kills, seed }
  } catch {
    return null
  }
}
