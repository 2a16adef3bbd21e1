/** Moments are microseconds since 1970, as Postgres commits by them. */

export function nowMicros(): bigint {
  return BigInt(Date.now()) * 1_000n
}

/** `2026-11-24T13:40:00.123456Z` */
export function isoOf(micros: bigint): string {
  const milliseconds = new Date(Number(micros / 1_000n)).toISOString().slice(0, -1)
  return `${milliseconds}${(micros % 1_000n).toString().padStart(3, '0')}Z`
}

/** As ClickHouse reads a DateTime64(6) in UTC. */
export function clickhouseTimeOf(micros: bigint): string {
  return isoOf(micros).replace('T', ' ').replace('Z', '')
}
