import { loadBatch } from '#lib/cube.ts'
import { parseDecimal } from '#lib/decimal.ts'
import { periodAt, type Scope } from '#lib/tiles/scope.ts'

/** What the chips offer. Channels come in the order they were opened, which is what their colours go by. */
export type Choices = { channels: { code: string; name: string }[]; regions: string[] }

const REGIONS_MAX = 50
const CHANNELS_MAX = 500
/** A region that sold nothing in four weeks is not offered. */
const DAYS = 28

export async function loadChoices(
  fetch: typeof globalThis.fetch,
  scope: Scope,
  now: Date,
): Promise<Choices> {
  const [channels, regions] = await Promise.all([
    loadChannels(fetch),
    loadRegions(fetch, scope, now),
  ])
  return { channels, regions }
}

async function loadRegions(fetch: typeof globalThis.fetch, { timeZone, chosen }: Scope, now: Date) {
  const dateRange = periodAt(now, timeZone).daysUntilToday(DAYS)
  const [result] = await loadBatch(fetch, [
    {
      measures: ['sales.order_count'],
      dimensions: ['sales.region'],
      timeDimensions: [{ dimension: 'sales.at', dateRange }],
      filters: [{ member: 'sales.region', operator: 'set' }],
      limit: REGIONS_MAX,
    },
  ])
  const rows = result?.ok ? result.answer.rows : []
  const sold = rows.filter((row) => (parseDecimal(row['sales.order_count'])?.units ?? 0n) > 0n)
  const names = new Set(sold.flatMap((row) => row['sales.region'] ?? []))
  if (chosen.region) names.add(chosen.region)
  return [...names].sort((a, b) => a.localeCompare(b))
}

/** Without the list the page still stands: the chip is left out and colours fall back to grey. */
async function loadChannels(fetch: typeof globalThis.fetch): Promise<Choices['channels']> {
  try {
    const response = await fetch(`/api/channels?limit=${CHANNELS_MAX}`)
    if (!response.ok) return []
    const { items }: { items: { code: string; name: string }[] } = await response.json()
    return items.map(({ code, name }) => ({ code, name }))
  } catch {
    return []
  }
}
