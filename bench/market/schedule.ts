/** Things to be done at their moment, a bounded number of them waiting and a bounded number under way. */
import { MarketStopped } from './api.ts'

export type Schedule = {
  /** Does `work` after a while; false when too much is waiting already. */
  later(ms: number, work: () => Promise<void> | void): boolean
  /** Runs `call` when fewer than CALLS_MAX are under way. */
  inTurn<T>(call: () => Promise<T>): Promise<T>
  isStopping(): boolean
  stop(): void
}

const WAITING_MAX = 20_000
const CALLS_MAX = 8
const CALLS_WAITING_MAX = 400

export function openSchedule(onError: (error: unknown) => void): Schedule {
  const timers = new Set<NodeJS.Timeout>()
  const inTurn = openGate(CALLS_MAX, CALLS_WAITING_MAX)
  let isStopping = false
  return { later, inTurn, isStopping: () => isStopping, stop }

  function later(ms: number, work: () => Promise<void> | void): boolean {
    if (isStopping || timers.size >= WAITING_MAX) return false
    const timer = setTimeout(() => {
      timers.delete(timer)
      void run(work)
    }, ms)
    timers.add(timer)
    return true
  }

  async function run(work: () => Promise<void> | void): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isStopping && !(error instanceof MarketStopped)) onError(error)
    }
  }

  function stop(): void {
    isStopping = true
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
  }
}

/** At most `atOnce` calls run; at most `waitingMax` wait for their turn, the rest are given up. */
function openGate(atOnce: number, waitingMax: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(call: () => Promise<T>): Promise<T> => {
    if (running < atOnce) {
      running += 1
    } else {
      if (waiting.length >= waitingMax) throw new Error('the API is too slow for this rate')
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      await promise
    }
    try {
      return await call()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
