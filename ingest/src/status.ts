import type { ServerResponse } from 'node:http'
import fastify, { LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { alarmsOf } from './guard/alarms.ts'
import { quantileMs, type Histogram } from './histogram.ts'
import { metricsOf } from './metrics.ts'
import { QUEUE_BYTES_MAX } from './queue.ts'
import type { State, Watermark } from './state.ts'
import { isoOf } from './time.ts'
import { addTouched, type Touched } from './touched.ts'

/** A page refetches on each watermark; more often than this nobody can see. */
const WATERMARK_EVERY_MS = 100
const KEEP_ALIVE_EVERY_MS = 15_000
const LISTENERS_MAX = 1_000

/** Health, status, metrics and the watermark stream. */
export function createStatusServer({
  state,
  log,
  config,
}: {
  state: State
  log: Logger
  config: Config
}) {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  })
  const limits = { queueBytes: QUEUE_BYTES_MAX, auditEveryS: config.AUDIT_EVERY_S }
  const alarms = () => alarmsOf(state, Date.now(), limits)
  const isServing = () => state.phase === 'streaming' || state.phase === 'snapshot'

  app.get('/health', async (_request, reply) => {
    if (isServing()) return { status: 'ok' }
    return reply.code(503).send({ status: state.phase, reason: state.reason })
  })

  app.get('/status', async () => ({
    pipe: config.PIPE,
    phase: state.phase,
    reason: state.reason,
    epoch: state.epoch,
    watermark: state.watermark && watermarkJson(state.watermark),
    queue: state.queue,
    snapshot: state.snapshot,
    copy: state.copy,
    tables: tablesJson(state),
    quarantined: state.quarantined,
    slot: state.slot,
    alarms: alarms(),
    audit: state.audit,
    last_write_ms: state.lastWriteMs,
    lag_ms: lagJson(state),
    memory_bytes: process.memoryUsage.rss(),
    ...state.counters,
  }))

  app.get('/metrics', async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4').send(metricsOf(state, isServing(), alarms()))
  })

  app.get('/watermarks', (_request, reply) => {
    if (state.listeners.size >= LISTENERS_MAX) {
      return reply
        .code(503)
        .type('application/problem+json')
        .send({
          type: 'about:blank',
          title: 'Too many listeners',
          status: 503,
          detail: `At most ${LISTENERS_MAX} may follow the watermark; fan it out behind one subscription.`,
          code: 'TOO_MANY_LISTENERS',
        })
    }
    reply.hijack()
    follow(state, reply.raw)
  })

  return app
}

/**
 * Sends the current watermark at once, then each new one, the newest of those that come too fast, with whose numbers all
 * since the one before have moved. Where that is not known, as at the first, it says nothing of it.
 */
function follow(state: State, response: ServerResponse) {
  let sentAt = 0
  let later: NodeJS.Timeout | null = null
  let touched: Touched | null = null

  function send() {
    later = null
    if (!state.watermark) return
    sentAt = performance.now()
    const { lsn } = state.watermark
    const said = {
      ...watermarkJson(state.watermark),
      ...(touched && { touched: touchedJson(touched) }),
    }
    touched = new Map()
    response.write(`id: ${lsn}\nevent: watermark\ndata: ${JSON.stringify(said)}\n\n`)
  }

  function onWatermark(_: Watermark, more: Touched | null) {
    if (touched && more) addTouched(touched, more)
    else touched = null
    if (later) return
    const wait = sentAt === 0 ? 0 : sentAt + WATERMARK_EVERY_MS - performance.now()
    if (wait <= 0) send()
    else later = setTimeout(send, wait)
  }

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(': watermarks\n\n')
  send()
  state.listeners.add(onWatermark)
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_EVERY_MS)
  response.on('close', () => {
    state.listeners.delete(onWatermark)
    clearInterval(keepAlive)
    if (later) clearTimeout(later)
  })
}

/** Half of all commits, and 99 of 100, since the process began; bounds of buckets, so an upper limit. */
function lagJson({ lag }: State) {
  const both = (histogram: Histogram) => ({
    p50: quantileMs(histogram, 0.5),
    p99: quantileMs(histogram, 0.99),
  })
  return { received: both(lag.received), facts: both(lag.facts), complete: both(lag.complete) }
}

/** Tables that are not simply followed, and what they wait for. */
function tablesJson({ tables }: State) {
  const all = [...tables.values()]
  return {
    live: all.filter(({ status }) => status === 'live').length,
    waiting: all
      .filter(({ status }) => status !== 'live')
      .map(({ source, status, reason }) => ({ table: source, status, reason })),
  }
}

/** Of each topic the ids of distributors; null is everybody. */
function touchedJson(touched: Touched) {
  return Object.fromEntries(
    [...touched].map(([topic, whose]) => [topic, whose === 'everybody' ? null : [...whose]]),
  )
}

function watermarkJson({ lsn, commitAt, appliedAt, topics }: Watermark) {
  return {
    lsn: lsn.toString(),
    commit_at: isoOf(commitAt),
    applied_at: isoOf(appliedAt),
    topics: Object.fromEntries(
      [...topics].map(([topic, at]) => [
        topic,
        { lsn: at.lsn.toString(), commit_at: isoOf(at.commitAt) },
      ]),
    ),
  }
}
