/** What the browser itself measured of a visit. Both functions run in the page. */
export type Visit = {
  first_paint_ms: number
  largest_paint_ms: number
  layout_shift: number
  /** As they came over the wire. */
  script_bytes: number
}

declare global {
  interface Window {
    bench?: { largest_ms: number; shift: number }
  }
}

/** Before the page: paints and shifts are told once, to whoever listens by then. */
export function watchPaints() {
  const seen = { largest_ms: 0, shift: 0 }
  window.bench = seen
  new PerformanceObserver((list) => {
    seen.largest_ms = list.getEntries().at(-1)?.startTime ?? seen.largest_ms
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if ('value' in entry && typeof entry.value === 'number') seen.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

export function readVisit(): Visit {
  const [first] = performance.getEntriesByName('first-contentful-paint')
  const scripts = performance
    .getEntriesByType('resource')
    .flatMap((entry) => (entry instanceof PerformanceResourceTiming ? [entry] : []))
    .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
  return {
    first_paint_ms: Math.round(first?.startTime ?? 0),
    largest_paint_ms: Math.round(window.bench?.largest_ms ?? 0),
    layout_shift: Number((window.bench?.shift ?? 0).toFixed(4)),
    script_bytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }
}
