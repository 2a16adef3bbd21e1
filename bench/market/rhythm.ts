/** How busy the shop is at an hour of its own day: quieter at night, two humps, one on average. */
const BY_HOUR = [
  0.7, 0.62, 0.58, 0.56, 0.58, 0.64, 0.76, 0.9, 1.04, 1.16, 1.24, 1.26, 1.2, 1.14, 1.12, 1.12, 1.14,
  1.18, 1.26, 1.34, 1.36, 1.24, 1.04, 0.82,
]
/** And on a day of its week, Sunday first: one on average, too. */
const BY_WEEKDAY = [0.95, 0.97, 0.98, 0.99, 1.01, 1.06, 1.04]
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

export const rhythmMean = BY_HOUR.reduce((sum, hour) => sum + hour, 0) / BY_HOUR.length

export type Rhythm = (at: Date) => number

export function rhythmOf(timeZone: string): Rhythm {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  return (at) => {
    const parts = format.formatToParts(at)
    const textOf = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
    const hour = Number(textOf('hour')) % 24
    const share = Number(textOf('minute')) / 60
    const now = BY_HOUR[hour] ?? 1
    const next = BY_HOUR[(hour + 1) % 24] ?? 1
    const day = BY_WEEKDAY[WEEKDAYS.indexOf(textOf('weekday'))] ?? 1
    return (day * (now + (next - now) * share)) / rhythmMean
  }
}

/** The same rhythm on the way to its height at `until`: a company that grows by `weekly` a week. */
export function growing(rhythm: Rhythm, until: Date, weekly: number): Rhythm {
  return (at) => rhythm(at) * (1 + weekly) ** ((at.getTime() - until.getTime()) / WEEK_MS)
}

const WEEK_MS = 7 * 86_400_000
