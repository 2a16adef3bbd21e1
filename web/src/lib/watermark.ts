export const TOPICS = [
  'orders',
  'sales',
  'stock',
  'commissions',
  'funnel',
  'catalog',
  'alerts',
] as const
export type Topic = (typeof TOPICS)[number]
export type Position = { lsn: string; commit_at: string }
/** What ingest says is in ClickHouse: everything committed up to `lsn`, per topic and over all. */
export type Watermark = Position & {
  applied_at: string
  /** When each last moved; of a distributor's page, when his own numbers did. */
  topics: Partial<Record<Topic, Position>>
  /** The server's clock when it sent this, so that a browser with a wrong clock still counts right. */
  sent_at: string
  /** False while ingest cannot be reached: the last position stands, and grows old. */
  connected: boolean
}

/** The newest commit that any of the topics has seen; null when none ever changed. */
export function newestOf(watermark: Watermark, topics: readonly Topic[]): Position | null {
  let newest: Position | null = null
  for (const topic of topics) {
    const position = watermark.topics[topic]
    if (position && (newest === null || isPast(position.lsn, newest.lsn))) newest = position
  }
  return newest
}

/** LSNs are 64 bits wide, more than a number holds, so they are compared as BigInt. */
export function isPast(lsn: string, other: string): boolean {
  return BigInt(lsn) > BigInt(other)
}

/**
 * How old what a tile shows is. A tile that has every change of its topics is as fresh as the
 * stream itself; one that waits for a change is as old as the commit it was computed at.
 */
export function ageSeconds(
  tile: Position | null,
  topics: readonly Topic[],
  watermark: Watermark | null,
  now: number,
): number | null {
  if (!tile) return null
  const newest = watermark && newestOf(watermark, topics)
  const isCurrent = watermark !== null && (!newest || !isPast(newest.lsn, tile.lsn))
  const since = isCurrent && isPast(watermark.lsn, tile.lsn) ? watermark : tile
  return Math.max(0, (now - Date.parse(since.commit_at)) / 1000)
}
