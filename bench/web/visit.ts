/** What the browser itself measured of a visit. Both functions run in the page. */
export type Visit = {
  first_paint_ms: number
  /** Until the frame after the one with a chart in it; 0 where the page has none. */
  chart_paint_ms: number
  /** Until the whole page was there; the rest until the first paint is the browser's. */
  html_ms: number
  /** Of which the server says it worked so long, and on what. */
  server_ms: number
  server: Record<string, number>
  styles_ms: number
  html_bytes: number
  largest_paint_ms: number
  layout_shift: number
  /** As they came over the wire. */
  script_bytes: number
}

declare global {
  interface Window {
    bench?: { largest_ms: number; chart_ms: number; shift: number }
  }
}

/** Before the page: paints and shifts are told once, to whoever listens by then. */
export function watchPaints() {
  const seen = { largest_ms: 0, chart_ms: 0, shift: 0 }
  window.bench = seen
  new PerformanceObserver((list) => {
    seen.largest_ms = list.getEntries().at(-1)?.startTime ?? seen.largest_ms
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if ('value' in entry && typeof entry.value === 'number') seen.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
  // A page that waits for its styles gets no frames, so the first frame that finds a chart is the one that paints it.
  const look = () => {
    if (document.querySelector('main figure') === null) requestAnimationFrame(look)
    else requestAnimationFrame(() => (seen.chart_ms = performance.now()))
  }
  requestAnimationFrame(look)
}

export function readVisit(): Visit {
  const [first] = performance.getEntriesByName('first-contentful-paint')
  const [entry] = performance.getEntriesByType('navigation')
  const page = entry instanceof PerformanceNavigationTiming ? entry : null
  const resources = performance
    .getEntriesByType('resource')
    .flatMap((one) => (one instanceof PerformanceResourceTiming ? [one] : []))
  const scripts = resources.filter(({ name }) => new URL(name).pathname.endsWith('.js'))
  const styles = resources.filter(({ name }) => new URL(name).pathname.endsWith('.css'))
  const told = (page?.serverTiming ?? []).map(({ name, duration }) => ({ name, duration }))
  return {
    first_paint_ms: Math.round(first?.startTime ?? 0),
    chart_paint_ms: Math.round(window.bench?.chart_ms ?? 0),
    html_ms: Math.round(page?.responseEnd ?? 0),
    server_ms: Math.round(told.find(({ name }) => name === 'total')?.duration ?? 0),
    // The slowest of a name: side by side the others do not count.
    server: Object.fromEntries(
      told
        .toSorted((one, other) => one.duration - other.duration)
        .map(({ name, duration }) => [name, duration]),
    ),
    styles_ms: Math.round(Math.max(0, ...styles.map(({ responseEnd }) => responseEnd))),
    html_bytes: page?.encodedBodySize ?? 0,
    largest_paint_ms: Math.round(window.bench?.largest_ms ?? 0),
    layout_shift: Number((window.bench?.shift ?? 0).toFixed(4)),
    script_bytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }
}
