import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { loadBatch, type CubeQuery, type Result } from './cube.ts'
import type { Live } from './live.svelte.ts'
import { isPast, newestOf, type Position, type Topic } from './watermark.ts'

/** What a tile asks. The queries are made anew for each refetch, because "by now" moves on. */
export type Panel = {
  topics: readonly Topic[]
  queries: (now: Date) => CubeQuery[]
  /** Asked again after so long though none of its topics has moved: time has, and others may have. */
  everyMs?: number
}
export type Panels = Record<string, Panel>
export type Results = Record<string, Result[]>

/** Between two batches of a page: four a second are as many as an eye can follow. */
const BETWEEN_BATCHES_MS = 250
/** A failed batch is asked again after this long, although nothing changed. */
const AFTER_FAILURE_MS = 2000
/** Tiles this near to the window are kept fresh too, so that scrolling shows no old number. */
const MARGIN_PX = 120

/** Asks for all panels at once. The server does so for the first paint, the page for all panels later. */
export async function loadPanels(fetch: typeof globalThis.fetch, panels: Panels, now: Date) {
  const asked = Object.entries(panels).map(([key, panel]) => ({ key, queries: panel.queries(now) }))
  const answers = await loadBatch(
    fetch,
    asked.flatMap(({ queries }) => queries),
  )
  const results: Results = {}
  let next = 0
  for (const { key, queries } of asked) {
    results[key] = answers.slice(next, next + queries.length)
    next += queries.length
  }
  return results
}

/** The position a panel stands at: its oldest answer's, null when it has none. */
export function positionOf(results: Result[] | undefined): Position | null {
  let oldest: Position | null = null
  for (const result of results ?? []) {
    if (!result.ok) return null
    const { watermark } = result.answer
    if (!watermark) return null
    if (oldest === null || isPast(oldest.lsn, watermark.lsn)) oldest = watermark
  }
  return oldest
}

/** Keeps the panels of a page fresh: those on screen, in one batch, one batch at a time. */
export class Board {
  /** Per panel, so that an answer repaints its own tile and no other. */
  results: Results = $state.raw({})
  /** The panels that are being asked about just now. */
  asking: ReadonlySet<string> = $state.raw(new Set<string>())

  #fetch: typeof globalThis.fetch
  #live: Live
  #panels: Panels
  /** How many tiles on screen stand on a panel: several may share one. */
  #visible = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #last_batch_at = 0
  /** When each panel was asked by the page; what came with the page is as old as the board. */
  #asked_at = new Map<string, number>()
  #begun_at = Date.now()
  /** Answers to questions of before a filter changed are thrown away. */
  #generation = 0

  /** Where the panels are asked; a page may have a way of its own to the semantic layer. */
  constructor(live: Live, panels: Panels, results: Results, ask = globalThis.fetch) {
    this.#fetch = ask
    this.#live = live
    this.#panels = panels
    this.results = results
  }

  /** Filters changed and the server has answered already. */
  replace(panels: Panels, results: Results) {
    this.#generation += 1
    this.#panels = panels
    this.#asked_at.clear()
    this.#begun_at = Date.now()
    this.results = results
    this.asking = new Set()
    untrack(() => this.#schedule())
  }

  /** Refetches until the returned function is called. */
  start() {
    const topics = [...new Set(Object.values(this.#panels).flatMap((panel) => panel.topics))]
    const stopListening = this.#live.onChange(topics, () => this.#schedule())
    // Called from an effect, which must not start anew with every batch.
    untrack(() => this.#schedule())
    const rests = Object.values(this.#panels).flatMap(({ everyMs }) => everyMs ?? [])
    const tick = rests.length > 0 && setInterval(() => this.#schedule(), Math.min(...rests) / 4)
    return () => {
      stopListening()
      if (tick) clearInterval(tick)
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#generation += 1
      this.asking = new Set()
    }
  }

  /** Attach to a tile: off screen it is left alone. */
  visible(key: string): Attachment<HTMLElement> {
    return (node) => {
      let isVisible = false
      const see = (isSeen: boolean) => {
        if (isSeen === isVisible) return
        isVisible = isSeen
        const count = (this.#visible.get(key) ?? 0) + (isSeen ? 1 : -1)
        if (count > 0) this.#visible.set(key, count)
        else this.#visible.delete(key)
        if (isSeen) this.#schedule()
      }
      const observer = new IntersectionObserver(
        (entries) => see(entries.at(-1)?.isIntersecting ?? false),
        { rootMargin: `${MARGIN_PX}px` },
      )
      observer.observe(node)
      return () => {
        observer.disconnect()
        see(false)
      }
    }
  }

  /** The reader asked: at once, whether or not anything changed. */
  async retry(key: string) {
    if (this.asking.size === 0) await this.#ask([key])
  }

  #due() {
    const { watermark } = this.#live
    return [...this.#visible.keys()].filter((key) => {
      const panel = this.#panels[key]
      if (!panel || isSettled(this.results[key])) return false
      const position = positionOf(this.results[key])
      if (!position || !watermark) return !position
      const newest = newestOf(watermark, panel.topics)
      return (newest !== null && isPast(newest.lsn, position.lsn)) || this.#isOver(key, panel)
    })
  }

  #isOver(key: string, { everyMs = Infinity }: Panel) {
    return Date.now() - (this.#asked_at.get(key) ?? this.#begun_at) >= everyMs
  }

  #schedule(wait_ms = 0) {
    if (this.#timer !== undefined || this.asking.size > 0) return
    const rest_ms = this.#last_batch_at + BETWEEN_BATCHES_MS - Date.now()
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        const due = this.#due()
        if (due.length > 0 && !document.hidden) void this.#ask(due)
      },
      Math.max(0, rest_ms, wait_ms),
    )
  }

  async #ask(keys: string[]) {
    const generation = this.#generation
    const panels = Object.fromEntries(
      keys.flatMap((key) => (this.#panels[key] ? [[key, this.#panels[key]]] : [])),
    )
    this.asking = new Set(keys)
    this.#last_batch_at = Date.now()
    for (const key of keys) this.#asked_at.set(key, this.#last_batch_at)
    const fresh = await loadPanels(this.#fetch, panels, new Date(this.#live.now))
    if (generation !== this.#generation) return

    this.results = { ...this.results, ...keepOld(this.results, fresh) }
    this.asking = new Set()
    const isFailed = Object.values(fresh).some(
      (results) => results.length > 0 && positionOf(results) === null,
    )
    this.#schedule(isFailed ? AFTER_FAILURE_MS : 0)
  }
}

/** Asking again does not change a no, and nothing asked has no answer. */
function isSettled(results: Result[] | undefined) {
  if (results?.length === 0) return true
  return results?.some((result) => !result.ok && result.problem.status < 500) ?? false
}

/** A number that was right a moment ago beats an error: no access is said, an outage shows as age. */
function keepOld(old: Results, fresh: Results): Results {
  return Object.fromEntries(
    Object.entries(fresh).map(([key, results]) => {
      const isOutage = results.some((result) => !result.ok && result.problem.status >= 500)
      return [key, isOutage && positionOf(old[key]) ? (old[key] ?? results) : results]
    }),
  )
}
