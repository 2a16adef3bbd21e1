/**
 * Who may ask the database now. At most `running` at once and `waiting` in line; who comes later is told so at once.
 * Turns go round those who ask: one who asks much, or slowly, has half of them at most and waits behind himself.
 */
import { Problem } from './problem.ts'

export type Limits = { running: number; waiting: number }

/** Runs work when it is its turn, and tells it how long that took. */
export type WithTurn = <T>(
  asker: string,
  work: (waitMs: number) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>

/** When to come again; by then a line of quick questions is through. */
export const RETRY_AFTER_S = 1

export function createTurns({ running, waiting: waitingMax }: Limits): WithTurn {
  const seats = createSeats(running)
  const lines = new Map<string, (() => void)[]>()
  let waiting = 0

  /** The line that was served longest ago is first: a Map keeps the order of insertion. */
  function callNext() {
    for (const [asker, line] of lines) {
      if (!seats.isFreeFor(asker)) continue
      lines.delete(asker)
      const next = line.shift()
      if (line.length > 0) lines.set(asker, line)
      next?.()
      return
    }
  }

  function wait(asker: string, signal: AbortSignal | undefined) {
    if (waiting >= waitingMax) {
      throw new Problem(503, 'BUSY', 'Too many questions at once. Try again in a moment.', {
        retry_after_s: RETRY_AFTER_S,
      })
    }
    waiting += 1
    return new Promise<void>((resolve, reject) => {
      const line = lines.get(asker) ?? []
      function called() {
        waiting -= 1
        signal?.removeEventListener('abort', leave)
        seats.take(asker)
        resolve()
      }
      function leave() {
        waiting -= 1
        line.splice(line.indexOf(called), 1)
        if (line.length === 0) lines.delete(asker)
        reject(gone())
      }
      line.push(called)
      lines.set(asker, line)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  return async function withTurn(asker, work, signal) {
    const came = performance.now()
    if (signal?.aborted) throw gone()
    if (seats.isFreeFor(asker)) seats.take(asker)
    else await wait(asker, signal)
    try {
      return await work(performance.now() - came)
    } finally {
      seats.leave(asker)
      callNext()
    }
  }
}

function createSeats(max: number) {
  const ofOneMax = Math.max(1, Math.floor(max / 2))
  const takenBy = new Map<string, number>()
  let taken = 0

  return {
    isFreeFor: (asker: string) => taken < max && (takenBy.get(asker) ?? 0) < ofOneMax,
    take(asker: string) {
      taken += 1
      takenBy.set(asker, (takenBy.get(asker) ?? 0) + 1)
    },
    leave(asker: string) {
      taken -= 1
      const left = (takenBy.get(asker) ?? 1) - 1
      if (left === 0) takenBy.delete(asker)
      else takenBy.set(asker, left)
    },
  }
}

/** Nobody reads it: who asked has left. */
export function gone() {
  return new Problem(499, 'CLIENT_GONE', 'Whoever asked has left before the answer')
}
