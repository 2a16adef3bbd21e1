/** What is said of an alert in words, for one language and the company's own clock. */
import type { Format, Language } from '#lib/format.ts'
import type { AlertMessages } from '#lib/i18n/alerts.zh.ts'
import { dayName, durationText, wallOf, weekdayName } from '#lib/moment.ts'
import { coverDays } from './bands.ts'
import type { Alert, AlertDetail, AlertEvent, Shelf, Surge } from './types.ts'

export type Saying = {
  words: AlertMessages
  language: Language
  format: Format
  timeZone: string
  /** The server's time, ticking. */
  now: number
}
type Line = { id: string; time: string; text: string; note: string; isGood: boolean }

const DAY_MS = 86_400_000
const WEEK_DAYS = 6

/** 14:23 today, Wed 14:23 this week, 24 Nov after that. */
export function momentText(ms: number, { now, timeZone, language }: Saying) {
  const wall = wallOf(new Date(ms), timeZone)
  const clock = wall.clock.slice(0, 5)
  if (wall.day === wallOf(new Date(now), timeZone).day) return clock
  if (Math.abs(ms - now) > WEEK_DAYS * DAY_MS) return dayName(wall.day, language)
  return `${weekdayName(wall.day, language)} ${clock}`
}

export function countText(quantity: number, { format }: Saying) {
  return format.count(BigInt(quantity))
}

export function nameOf({ shelf, order }: Alert) {
  return shelf?.sku ?? order?.order_no ?? ''
}

/** The two lines at the right of a row: how long, and until when. */
export function whenOf(alert: Alert, saying: Saying) {
  const { words, language, now } = saying
  if (alert.order) {
    const days = Math.max(0, now - Date.parse(alert.order.since)) / DAY_MS
    return {
      left: durationText(days, language),
      until: momentText(Date.parse(alert.order.since), saying),
    }
  }
  if (!alert.shelf) return { left: '', until: '' }
  if (alert.surge) return surgeWhen(alert.surge, alert.shelf, saying)
  if (alert.shelf.available <= 0) {
    const isSold = alert.shelf.sold_14d > 0
    return {
      left: words.out_now,
      until: isSold ? words.per_day(perDayText(alert.shelf, saying)) : words.no_sales,
    }
  }
  const cover = coverDays(alert.shelf)
  if (cover === null) return { left: words.low, until: words.no_sales }
  const until = words.out_at(momentText(now + cover * DAY_MS, saying))
  return { left: durationText(cover, language), until }
}

/** How far above its usual day, and how long what is free lasts. */
function surgeWhen(surge: Surge, shelf: Shelf, saying: Saying) {
  const { words, language } = saying
  const cover = coverDays(shelf)
  const lasts = cover === null ? '' : words.surge.lasts(durationText(cover, language))
  return { left: riseText(surge, saying), until: shelf.available <= 0 ? words.out_now : lasts }
}

/** +291%; a rise from nothing has no per cent. */
export function riseText({ rise_percent }: Surge, saying: Saying) {
  if (rise_percent === null) return saying.words.surge.fresh
  return `${rise_percent < 0 ? '' : '+'}${countText(rise_percent, saying)}%`
}

/** What was sold in 24 hours beside the usual day, then or now. */
export function paceText(
  pace: Pick<Surge, 'sold_24h' | 'sold_before' | 'days_before'>,
  saying: Saying,
) {
  const { surge } = saying.words
  const sold = countText(pace.sold_24h, saying)
  return pace.sold_before > 0
    ? surge.pace(sold, usualText(pace, saying))
    : surge.pace_fresh(sold, pace.days_before)
}

export function usualText(
  { sold_before, days_before }: Pick<Surge, 'sold_before' | 'days_before'>,
  saying: Saying,
) {
  return rateText(days_before > 0 ? sold_before / days_before : 0, saying)
}

/** What stands under the name. */
export function underOf({ shelf, surge, order }: Alert, saying: Saying) {
  const { words, format } = saying
  if (order) return `${order.channel} · ${format.exact(BigInt(order.total_cents))}`
  if (!shelf) return ''
  if (surge) return `${shelf.warehouse} · ${paceText(surge, saying)}`
  const parts = [shelf.warehouse, words.available(countText(shelf.available, saying))]
  if (shelf.incoming > 0) parts.push(words.incoming(countText(shelf.incoming, saying)))
  return parts.join(' · ')
}

export function documentOf(
  { transfer_id, purchase_id }: { transfer_id: number | null; purchase_id: number | null },
  words: AlertMessages,
) {
  if (transfer_id !== null) return words.transfer_name(transfer_id)
  return purchase_id === null ? '' : words.purchase_name(purchase_id)
}

export function perDayText({ sold_14d }: Shelf, saying: Saying) {
  return rateText(sold_14d / 14, saying)
}

/** Pieces a day: a decimal only where it says something. */
function rateText(perDay: number, saying: Saying) {
  return perDay >= 10 || Number.isInteger(perDay)
    ? countText(Math.round(perDay), saying)
    : perDay.toFixed(1)
}

/** The newest first, then how it went the times before. */
export function historyOf({ events, earlier }: AlertDetail, saying: Saying): Line[] {
  const { words } = saying
  const own = events.map((event) => ({
    id: `event ${event.id}`,
    time: momentText(Date.parse(event.at), saying),
    text: eventText(event, saying),
    note: noteOf(event, saying),
    isGood: false,
  }))
  const before = earlier.map((alert) => ({
    id: `alert ${alert.id}`,
    time: momentText(Date.parse(alert.closed_at), saying),
    text:
      alert.close_reason === 'acted' && alert.quantity !== null
        ? words.history.before_acted(countText(alert.quantity, saying))
        : words.history.before,
    note: '',
    isGood: alert.close_reason === 'acted',
  }))
  return [...own, ...before]
}

function eventText(event: AlertEvent, saying: Saying): string {
  const { history, severities, order_states } = saying.words
  const user = event.user ?? history.system
  const severity = event.severity === null ? '' : severities[event.severity]
  switch (event.kind) {
    case 'opened':
      return history.opened(severity)
    case 'severity':
      return (isWorse(event) ? history.worse : history.better)(severity)
    case 'acknowledged':
      return history.acknowledged(user)
    case 'assigned':
      return event.assignee === null
        ? history.unassigned(user)
        : history.assigned(user, event.assignee)
    case 'snoozed':
      return history.snoozed(user, momentText(Date.parse(event.until ?? event.at), saying))
    case 'woke':
      return history.woke
    case 'resolved':
      return history.resolved(user)
    case 'reopened':
      return history.reopened(user)
    case 'acted':
      return history.acted(user, documentOf(event, saying.words))
    case 'closed': {
      const state = Object.entries(order_states).find(([name]) => name === event.note)?.[1]
      return state === undefined ? history.closed : history.closed_order(state)
    }
  }
}

function noteOf(event: AlertEvent, saying: Saying) {
  if (event.kind === 'resolved') return event.note ?? ''
  const { sold_24h, sold_before, days_before } = event
  if (sold_24h !== null && sold_before !== null && days_before !== null) {
    return paceText({ sold_24h, sold_before, days_before }, saying)
  }
  if (event.available === null || event.incoming === null) return ''
  return saying.words.history.with(
    countText(event.available, saying),
    countText(event.incoming, saying),
  )
}

const ranks = ['watch', 'soon', 'critical', 'out'] as const

function isWorse({ severity, was_severity }: AlertEvent) {
  const rank = (of: AlertEvent['severity']) => ranks.findIndex((known) => known === of)
  return rank(severity) > rank(was_severity)
}
