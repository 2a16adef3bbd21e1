/** Failed log-ins per login: after a few the login waits, whoever asks and wherever from. */
const FAILURES_MAX = 10
const WINDOW_MS = 5 * 60_000
/** Guessing with ever new logins must not fill the memory: the oldest are forgotten. */
const LOGINS_MAX = 10_000

export type Attempts = {
  secondsToWait(login: string, now?: number): number
  failed(login: string, now?: number): void
  succeeded(login: string): void
}

export function createAttempts(): Attempts {
  const failures = new Map<string, { count: number; since: number }>()

  return { secondsToWait, failed, succeeded }

  function secondsToWait(login: string, now = Date.now()): number {
    const known = failures.get(keyOf(login))
    if (known === undefined || known.count < FAILURES_MAX) return 0
    return Math.max(0, Math.ceil((known.since + WINDOW_MS - now) / 1000))
  }

  function failed(login: string, now = Date.now()): void {
    const key = keyOf(login)
    const known = failures.get(key)
    const isOver = known === undefined || known.since + WINDOW_MS <= now
    const next = isOver ? { count: 1, since: now } : { count: known.count + 1, since: known.since }
    failures.delete(key)
    failures.set(key, next)

    const oldest = failures.keys().next()
    if (failures.size > LOGINS_MAX && oldest.done !== true) failures.delete(oldest.value)
  }

  function succeeded(login: string): void {
    failures.delete(keyOf(login))
  }
}

function keyOf(login: string): string {
  return login.toLowerCase()
}
