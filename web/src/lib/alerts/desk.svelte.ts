import { SvelteMap } from 'svelte/reactivity'
import { openApi } from '#lib/api/client.ts'
import type { Live } from '#lib/live.svelte.ts'
import { isPast } from '#lib/watermark.ts'
import { askDesk } from './ask.ts'
import { createCommands, type Done, newKey, type Refused } from './commands.ts'
import type { Desk, Tab } from './types.ts'

/** A change of an alert shows at once; many in a row are one question. */
const ALERTS_AFTER_MS = 50
/** Sales move levels all the time; a second is soon enough for a number beside an alert. */
const LEVELS_AFTER_MS = 1_000
/** After the change has come through, the verdict on it may take so long. */
const VERDICT_MS_MAX = 3_000
/** From then on the row says that the stream is late. */
export const PENDING_LONG_MS = 5_000

export type Pending = { lsn: string | null; since: number; arrived_at: number | null }
type Shown = { tab: Tab; selected: number | null }

/** What stands on the page, kept as new as the stream of changes, and the commands given from it. */
export class AlertDesk {
  desk: Desk = $state.raw({
    list: null,
    done: null,
    transfers: null,
    purchases: null,
    detail: null,
  })
  /** Whether the last question was answered. */
  is_failed: boolean = $state(false)
  refused: Refused | null = $state.raw(null)
  /** Alerts whose command has not come back through the stream. */
  pending: SvelteMap<number, Pending> = new SvelteMap()
  commands = createCommands()

  #live: Live
  #shown: () => Shown
  #timer: ReturnType<typeof setTimeout> | undefined
  #due_at = Infinity
  #is_asking = false
  #is_stale = false
  #keys = new Map<string, string>()

  constructor(live: Live, desk: Desk, shown: () => Shown) {
    this.#live = live
    this.#shown = shown
    this.desk = desk
    this.is_failed = desk.list === null
  }

  /** The server has answered for another tab or row. */
  replace(desk: Desk) {
    this.desk = desk
    this.is_failed = desk.list === null
  }

  start() {
    const stops = [
      this.#live.onChange(['alerts'], () => this.#ask(ALERTS_AFTER_MS)),
      this.#live.onChange(['stock', 'orders'], () => this.#ask(LEVELS_AFTER_MS)),
    ]
    return () => {
      for (const stop of stops) stop()
      clearTimeout(this.#timer)
    }
  }

  retry() {
    this.#ask(0)
  }

  /** Called when the watermark has moved: commands that it holds are read back. */
  follow(lsn: string, now: number) {
    for (const [id, pending] of this.pending) {
      if (pending.lsn === null || isPast(pending.lsn, lsn)) continue
      if (pending.arrived_at === null) {
        this.pending.set(id, { ...pending, arrived_at: now })
        this.#ask(0)
      } else if (now - pending.arrived_at > VERDICT_MS_MAX) this.pending.delete(id)
    }
  }

  /**
   * Gives a command about an alert and waits for it to come back. Given again after it failed it has the same key, so
   * it happens once; another quantity is another command.
   */
  async give(name: string, id: number, command: (key: string) => Promise<Done>): Promise<boolean> {
    const isCommand = /^(transfer|purchase|ship|cancel)/.test(name)
    if (isCommand) this.pending.set(id, { lsn: null, since: Date.now(), arrived_at: null })
    const done = await this.#once(`${name} ${id}`, command)
    if (!done.ok) this.pending.delete(id)
    else if (isCommand) {
      this.pending.set(id, { lsn: done.lsn, since: Date.now(), arrived_at: null })
      const { watermark, now } = this.#live
      if (watermark) this.follow(watermark.lsn, now)
    }
    return done.ok
  }

  /** A step of a document; nothing on the list waits for it. */
  async step(name: string, command: (key: string) => Promise<Done>): Promise<boolean> {
    return (await this.#once(name, command)).ok
  }

  async #once(name: string, command: (key: string) => Promise<Done>): Promise<Done> {
    const key = this.#keys.get(name) ?? newKey()
    this.#keys.set(name, key)
    this.refused = null
    const done = await command(key)
    // Only where nobody answered the command may have happened, and must not happen again.
    if (done.ok || done.refused.code !== null) this.#keys.delete(name)
    if (!done.ok) this.refused = done.refused
    this.#ask(0)
    return done
  }

  #ask(after_ms: number) {
    const due_at = Date.now() + after_ms
    if (this.#is_asking) this.#is_stale = true
    if (this.#is_asking || due_at >= this.#due_at) return
    clearTimeout(this.#timer)
    this.#due_at = due_at
    this.#timer = setTimeout(() => void this.#read(), after_ms)
  }

  async #read() {
    this.#due_at = Infinity
    this.#is_asking = true
    this.#is_stale = false
    const shown = this.#shown()
    const desk = await askDesk(openApi('/api'), shown.tab, shown.selected).catch(() => null)
    this.#is_asking = false
    const now = this.#shown()
    const isOld = now.tab !== shown.tab || now.selected !== shown.selected
    const answered = desk !== null && desk.list !== null ? desk : null
    this.is_failed = answered === null
    // What failed leaves the old rows where they are.
    if (answered && !isOld) this.#show(answered)
    if (this.#is_stale || isOld) this.#ask(ALERTS_AFTER_MS)
    else if (this.is_failed) this.#ask(LEVELS_AFTER_MS)
  }

  #show(desk: Desk) {
    this.desk = desk
    const open = new Set(desk.list?.items.map(({ id }) => id))
    for (const [id, { arrived_at }] of this.pending) {
      if (arrived_at !== null && !open.has(id)) this.pending.delete(id)
    }
  }
}
