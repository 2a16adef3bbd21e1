import { getContext, setContext } from 'svelte'
import { isPast, newestOf, type Topic, type Watermark } from './watermark.ts'

/** The promise: what is on the screen is younger than this, or it says that it is not. */
export const PROMISE_SECONDS = 10
const TICK_MS = 250
const RETRY_MS = 1000
const POLL_MS = 2000
/** After so many failures in a row the browser asks again and again instead of listening. */
const STREAM_FAILURES_MAX = 3

export type Connection = 'live' | 'reconnecting' | 'offline'

type Watcher = { topics: readonly Topic[]; callback: () => void }

/** The page's one ear on the stream of changes. */
export class Live {
  connection: Connection = $state('reconnecting')
  watermark: Watermark | null = $state.raw(null)
  /** The server's time, ticking. */
  now: number = $state(0)
  /** Seconds since the newest commit that ClickHouse has; null before the first watermark. */
  lag_seconds: number | null = $derived(
    this.watermark ? Math.max(0, (this.now - Date.parse(this.watermark.commit_at)) / 1000) : null,
  )
  is_late: boolean = $derived(
    this.connection === 'offline' ||
      (this.lag_seconds ?? 0) > PROMISE_SECONDS ||
      this.watermark?.connected === false,
  )
  #skew_ms = 0
  #watchers = new Set<Watcher>()

  constructor(watermark: Watermark | null, now: string | undefined) {
    this.watermark = watermark
    this.now = now ? Date.parse(now) : Date.now()
    // What the server rendered was live when it was rendered: no flash of "reconnecting".
    this.connection = watermark?.connected ? 'live' : 'reconnecting'
  }

  /** Calls back once per watermark that carries a new commit of one of the topics. */
  onChange(topics: readonly Topic[], callback: () => void) {
    const watcher = { topics, callback }
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Listens until the returned function is called; rests while the tab is hidden. */
  start() {
    let source: EventSource | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0

    const tick = setInterval(() => (this.now = Date.now() - this.#skew_ms), TICK_MS)
    const receive = (text: string) => {
      failures = 0
      this.#receive(JSON.parse(text))
    }

    const listen = () => {
      source = new EventSource('/live')
      source.addEventListener('watermark', (event) => receive(event.data))
      source.addEventListener('error', () => {
        source?.close()
        failures += 1
        this.connection = navigator.onLine ? 'reconnecting' : 'offline'
        const isGivenUp = failures >= STREAM_FAILURES_MAX
        timer = setTimeout(isGivenUp ? poll : listen, isGivenUp ? POLL_MS : RETRY_MS * failures)
      })
    }

    // Some proxies swallow event streams; then a question every two seconds has to do.
    const poll = async () => {
      try {
        const response = await fetch('/live?once')
        if (!response.ok) throw new Error(`status ${response.status}`)
        receive(await response.text())
      } catch {
        this.connection = 'offline'
      }
      timer = setTimeout(this.connection === 'live' ? poll : listen, POLL_MS)
    }

    const stop = () => {
      source?.close()
      source = null
      clearTimeout(timer)
    }
    const followVisibility = () => {
      stop()
      if (!document.hidden) listen()
    }

    document.addEventListener('visibilitychange', followVisibility)
    window.addEventListener('online', followVisibility)
    followVisibility()

    return () => {
      stop()
      clearInterval(tick)
      document.removeEventListener('visibilitychange', followVisibility)
      window.removeEventListener('online', followVisibility)
    }
  }

  #receive(watermark: Watermark) {
    const before = this.watermark
    this.#skew_ms = Date.now() - Date.parse(watermark.sent_at)
    this.now = Date.now() - this.#skew_ms
    this.watermark = watermark
    this.connection = watermark.connected ? 'live' : 'reconnecting'

    for (const { topics, callback } of this.#watchers) {
      const newest = newestOf(watermark, topics)
      const known = before && newestOf(before, topics)
      if (newest && (!known || isPast(newest.lsn, known.lsn))) callback()
    }
  }
}

const KEY = Symbol('live')

export function setLive(live: Live) {
  return setContext(KEY, live)
}

export function getLive() {
  return getContext<Live>(KEY)
}
