import { destination, pino } from 'pino'
import pretty from 'pino-pretty'

/** Logs go to stderr: readable to a person, JSON to everything else. */
export function createLog(level: string) {
  return pino({ level }, process.stderr.isTTY ? pretty({ destination: 2 }) : destination(2))
}
