/** Business until a signal: node trader.ts DATABASE_URL SEED company|stranger. */
import postgres from 'postgres'
import { trade } from './load.ts'
import { RESHAPES } from './reshape.ts'
import { LARGE, STRANGE_STEPS } from './stranger.ts'

const SESSIONS = 4
/** Large transactions are in the middle of others, but not always. */
const LARGE_EVERY = 2

const [url = '', seedText = '1', whose = 'company'] = process.argv.slice(2)
const seed = Number(seedText)
const sql = postgres(url, { max: SESSIONS, backoff: () => 0.05, onnotice: () => {} })
const isStopped = () => isOver
let isOver = false
process.on('SIGTERM', () => (isOver = true))
// postgres 3.4 rolls back on connections that are gone, and then throws where nobody can catch it.
process.on('uncaughtException', () => {})
if (whose === 'company') await trade({ sql }, seed, SESSIONS, isStopped)
else await tradeStrangely()
process.exit(0)

/** Rows in two sessions; a third changes what they are rows of. */
async function tradeStrangely() {
  let isLargeDone = seed % LARGE_EVERY !== 0
  await Promise.all([
    trade({ sql }, seed, 2, isStopped, STRANGE_STEPS),
    trade({ sql }, seed + 500_000, 1, isStopped, RESHAPES),
    trade({ sql }, seed + 700_000, 1, () => isOver || isLargeDone, [
      async (...at) => {
        await LARGE(...at)
        isLargeDone = true
      },
    ]),
  ])
}
