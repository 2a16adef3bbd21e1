/** Business until a signal: node trader.ts DATABASE_URL SEED. */
import postgres from 'postgres'
import { trade } from './load.ts'

const SESSIONS = 4

const [url = '', seed = '1'] = process.argv.slice(2)
const sql = postgres(url, { max: SESSIONS, backoff: () => 0.05, onnotice: () => {} })
let isOver = false
process.on('SIGTERM', () => (isOver = true))
// postgres 3.4 rolls back on connections that are gone, and then throws where nobody can catch it.
process.on('uncaughtException', () => {})
await trade({ sql }, Number(seed), SESSIONS, () => isOver)
process.exit(0)
