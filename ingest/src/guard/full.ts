/** ClickHouse's ways of saying that its disk is full: its own limit, and the operating system's word. */
const NOT_ENOUGH_SPACE = '243'
const WORDS = /No space left on device|NOT_ENOUGH_SPACE|errno: 28\b/

export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === NOT_ENOUGH_SPACE) return true
  return WORDS.test(error.message)
}
