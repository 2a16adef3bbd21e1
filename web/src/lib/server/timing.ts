/** What an answer's milliseconds went into, for the header `server-timing`: a browser's tools draw it. */
export type Timing = { began: number; spans: Span[] }
type Span = { name: string; ms: number }

/** A page asks a handful; whoever asks more is not told of each. */
const SPANS_MAX = 24

export function startTiming(): Timing {
  return { began: performance.now(), spans: [] }
}

/** The time until `work` has settled; side by side they overlap, so their sum is more than the whole. */
export async function timed<Value>(
  timing: Timing,
  name: string,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  const began = performance.now()
  try {
    return await work()
  } finally {
    if (timing.spans.length < SPANS_MAX) timing.spans.push({ name, ms: performance.now() - began })
  }
}

export function serverTiming({ began, spans }: Timing): string {
  return [...spans, { name: 'total', ms: performance.now() - began }]
    .map(({ name, ms }) => `${tokenOf(name)};dur=${ms.toFixed(1)}`)
    .join(', ')
}

/** A name in this header is a token (RFC 9110): letters, digits and a few signs, no slash. */
function tokenOf(name: string): string {
  return name.replaceAll(/[^\w-]+/g, '-').replaceAll(/^-+|-+$/g, '')
}
