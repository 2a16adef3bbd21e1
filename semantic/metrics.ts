/** What the process holds and has done, as Prometheus reads it. */
import type { Answers } from './answer.ts'

export function metricsOf({ cache, counts }: Pick<Answers, 'cache' | 'counts'>): string {
  const { entries, bytes } = cache.size()
  const { heapUsed, rss } = process.memoryUsage()
  return [
    metric('answers_total', 'counter', 'Questions answered', counts.answered),
    metric('answers_cached_total', 'counter', 'Of these, out of the cache', counts.cached),
    metric(
      'answers_daily_total',
      'counter',
      'Of these, from what is kept of each day',
      counts.daily,
    ),
    metric('refusals_total', 'counter', 'Questions not answered', counts.refused),
    metric('cache_entries', 'gauge', 'Answers kept', entries),
    metric('cache_bytes', 'gauge', 'Bytes of the answers kept', bytes),
    metric('heap_used_bytes', 'gauge', 'JavaScript heap in use', heapUsed),
    metric('resident_bytes', 'gauge', 'Memory of the process', rss),
  ].join('')
}

function metric(name: string, kind: 'counter' | 'gauge', help: string, value: number) {
  const full = `tributary_semantic_${name}`
  return `# HELP ${full} ${help}\n# TYPE ${full} ${kind}\n${full} ${value}\n`
}
