import type { Live } from '#lib/live.svelte.ts'

/** Many alerts that change at once are one question, and the server's own answer is half a second old at most. */
const AFTER_MS = 600

/** How many critical alerts are open, as new as the stream of changes. */
export class CriticalCount {
  value: number | null = $state(null)
  #live: Live
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(live: Live, value: number | null) {
    this.#live = live
    this.value = value
  }

  /** Follows until the returned function is called. */
  start() {
    const stop = this.#live.onChange(['alerts'], () => this.#ask())
    return () => {
      stop()
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  #ask() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#read()
    }, AFTER_MS)
  }

  async #read() {
    const response = await fetch('/alert-counts').catch(() => null)
    if (!response?.ok) return
    const { critical }: { critical: number | null } = await response.json()
    this.value = critical ?? this.value
  }
}
