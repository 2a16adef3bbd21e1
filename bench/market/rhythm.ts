/** How busy the shop is at an hour of its own day: quieter at night, two humps, one on average. */
const BY_HOUR = [
  0.7, 0.62, 0.58, 0.56, 0.58, 0.64, 0.76, 0.9, 1.04, 1.16, 1.24, 1.26, 1.2, 1.14, 1.12, 1.12, 1.14,
  1.18, 1.26, 1.34, 1.36, 1.24, 1.04, 0.82,
]

export const rhythmMean = BY_HOUR.reduce((sum, hour) => sum + hour, 0) / BY_HOUR.length

export function rhythmOf(timeZone: string): (at: Date) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  return (at) => {
    const parts = format.formatToParts(at)
    const valueOf = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
    const hour = valueOf('hour') % 24
    const share = valueOf('minute') / 60
    const now = BY_HOUR[hour] ?? 1
    const next = BY_HOUR[(hour + 1) % 24] ?? 1
    return (now + (next - now) * share) / rhythmMean
  }
}
