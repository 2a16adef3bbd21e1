import { positionOf, type Board } from '#lib/board.svelte.ts'
import { getLive, PROMISE_SECONDS, type Live } from '#lib/live.svelte.ts'
import { ageSeconds, type Topic } from '#lib/watermark.ts'

const MINUTE_MS = 60_000

/** How old one tile is, told from the panel that dates it. */
export class Freshness {
  seconds: number | null = $derived.by(() => {
    const { watermark, now } = this.#live
    return ageSeconds(
      positionOf(this.#board().results[this.#panel()]),
      this.#topics(),
      watermark,
      now,
    )
  })
  isLate: boolean = $derived(this.seconds !== null && this.seconds > PROMISE_SECONDS)
  isAsking: boolean = $derived.by(() => this.#board().asking.has(this.#panel()))
  /** The minute that the numbers stand for: it changes once a minute, so nothing is prepared anew with each tick of the clock. */
  minute: number = $derived.by(() => {
    const at = this.#live.now - (this.seconds ?? 0) * 1000
    return Math.floor(at / MINUTE_MS) * MINUTE_MS
  })

  #live: Live = getLive()
  #board: () => Board
  #panel: () => string
  #topics: () => readonly Topic[]

  constructor(board: () => Board, panel: () => string, topics: () => readonly Topic[]) {
    this.#board = board
    this.#panel = panel
    this.#topics = topics
  }
}
