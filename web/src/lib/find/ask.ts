import type { Found } from '#lib/api/client.ts'

/** From this many letters on names are looked for: one letter is in every name. Han say more. */
const LETTERS_MIN = 2

export function isWorthAsking(typed: string) {
  const words = typed.trim()
  return words.length >= LETTERS_MIN || /\p{Script=Han}/u.test(words)
}

/** What core-api finds for this reader; it is the one to know what he may see. */
export async function askFound(
  fetch: typeof globalThis.fetch,
  typed: string,
  signal: AbortSignal,
): Promise<Found[]> {
  const response = await fetch(`/api/find?q=${encodeURIComponent(typed.trim())}`, { signal })
  if (!response.ok) throw new Error(`find: ${response.status}`)
  // The shape is core-api's contract; its document and its tests hold it to that.
  const { items }: { items: Found[] } = await response.json()
  return items
}
