/** Work that several wait for. It is given up when all who wait have left. */
import { gone } from './turns.ts'

export type Shared<T> = { promise: Promise<T>; control: AbortController; waiting: number }

export function shareWork<T>(work: (signal: AbortSignal) => Promise<T>): Shared<T> {
  const control = new AbortController()
  return { promise: work(control.signal), control, waiting: 0 }
}

/** Until it is there or he who waits leaves; the last to leave takes the work with him, and `onLeft` hears of it. */
export function waitFor<T>(
  shared: Shared<T>,
  signal: AbortSignal | undefined,
  onLeft: () => void,
): Promise<T> {
  const { promise, control } = shared
  shared.waiting += 1
  if (!signal) return promise
  const left = new Promise<never>((_, reject) => {
    function leave() {
      shared.waiting -= 1
      if (shared.waiting === 0) {
        onLeft()
        control.abort()
      }
      reject(gone())
    }
    signal.addEventListener('abort', leave, { once: true })
    const stay = () => signal.removeEventListener('abort', leave)
    void promise.then(stay, stay)
  })
  return Promise.race([promise, left])
}
