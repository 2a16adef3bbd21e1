import { config } from './config.ts'

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 }
type Level = keyof typeof LEVELS

/** One JSON object a line on stderr, in pino's fields: stdout belongs to whoever started us. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}) {
  if (LEVELS[level] < LEVELS[config.LOG_LEVEL]) return
  const line = { level: LEVELS[level], time: Date.now(), name: 'web', ...fields, msg: message }
  process.stderr.write(JSON.stringify(line) + '\n')
}
