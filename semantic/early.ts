/**
 * Rows are asked while it is being read where the stream stands. Where a question's topics have not moved lately, it
 * is begun under the commits that were read last. If those are what is read now, nothing has touched the topics since,
 * so its rows are as new as the new watermark; if not, they are let go and asked again.
 */
import type { Cache } from './cache.ts'
import type { Checkpoint } from './watermark.ts'

export type Standing = Checkpoint | null | Promise<Checkpoint | null>

export type Early<T> = {
  /** `keyAt` names all that decides the rows; null before the first batch of the stream, when nothing is kept. */
  get(
    keyAt: (checkpoint: Checkpoint) => string,
    load: (signal?: AbortSignal) => Promise<T>,
    standing: Standing,
    signal?: AbortSignal,
  ): Promise<{ value: T; cached: boolean; checkpoint: Checkpoint | null }>
}

export function createEarly<T>(cache: Cache<T>): Early<T> {
  let last: Checkpoint | null = null
  let before: Checkpoint | null = null

  async function read(standing: Standing) {
    const checkpoint = await standing
    // Many who ask at once share one reading.
    if (checkpoint !== last) before = last
    last = checkpoint
    return checkpoint
  }

  /** The key that will be asked for, if all goes on as it did between the last two readings. */
  function guessOf(keyAt: (checkpoint: Checkpoint) => string) {
    const key = last && keyAt(last)
    return key !== null && before !== null && keyAt(before) === key ? key : null
  }

  return {
    async get(keyAt, load, standing, signal) {
      const guess = standing instanceof Promise ? guessOf(keyAt) : null
      const leave = new AbortController()
      const begun = guess === null ? null : cache.get(guess, load, eitherOf(signal, leave.signal))
      // Who is let go is not waited for, and why a guess failed is nobody's business.
      begun?.catch(() => {})
      try {
        const checkpoint = await read(standing)
        if (checkpoint === null) return { value: await load(signal), cached: false, checkpoint }
        const key = keyAt(checkpoint)
        if (begun && key === guess) return { ...(await begun), checkpoint }
        leave.abort()
        return { ...(await cache.get(key, load, signal)), checkpoint }
      } finally {
        leave.abort()
      }
    },
  }
}

function eitherOf(signal: AbortSignal | undefined, other: AbortSignal) {
  return signal ? AbortSignal.any([signal, other]) : other
}
