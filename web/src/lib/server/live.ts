import type { Watermark } from '#lib/watermark.ts'
import { config } from './config.ts'
import { log } from './log.ts'
import { readEvents } from './events.ts'
import { OwnTopics, type Touched } from './own-topics.ts'

const CLIENTS_MAX = 2_000
const PING_MS = 15_000
const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 5_000
/** ingest beats once a second; this long without a word means the connection is dead. */
const SILENCE_MS_MAX = 10_000

type Said = Omit<Watermark, 'sent_at' | 'connected'>
/** Of a distributor's page the id he is known by; null for the company's own. */
type Reader = string | null
type Client = { reader: Reader; send: (text: string) => void; close: () => void }

const clients = new Set<Client>()
const stopping = new AbortController()
const ownTopics = new OwnTopics()
let newest: Said | null = null
let isConnected = false

/** Whose moves a signed-in reader is told. */
export function readerOf(user: App.Locals['user']): Reader {
  const id = user?.distributor_id ?? null
  return id === null ? null : String(id)
}

/**
 * The newest watermark, with the clock it was read at; null before ingest has said any. A distributor is told when his own
 * numbers moved, not when anybody's did.
 */
export function currentWatermark(reader: Reader): Watermark | null {
  if (!newest) return null
  const topics = reader === null ? newest.topics : ownTopics.of(reader)
  return { ...newest, topics, sent_at: new Date().toISOString(), connected: isConnected }
}

/** Holds the one subscription to ingest, through every restart of it, until this server stops. */
export async function followIngest() {
  let retry_ms = RETRY_MS_MIN
  while (!stopping.signal.aborted) {
    try {
      for await (const event of subscribe()) {
        if (event.event !== 'watermark') continue
        retry_ms = RETRY_MS_MIN
        // ingest's contract; a malformed line throws here and counts as a lost connection.
        note(JSON.parse(event.data))
        isConnected = true
        publish()
      }
    } catch (error) {
      if (isConnected) log('warn', 'lost the change stream', { error: String(error) })
    }
    if (isConnected) {
      isConnected = false
      publish()
    }
    await sleep(retry_ms)
    retry_ms = Math.min(retry_ms * 2, RETRY_MS_MAX)
  }
}

/** Whose numbers moved stays here: a page has no business with the others'. */
function note({ touched, ...said }: Said & { touched?: Touched }) {
  newest = said
  ownTopics.note(said.topics, touched)
}

async function* subscribe() {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(new Error('silent')), SILENCE_MS_MAX)
  try {
    const response = await fetch(`${config.INGEST_URL}/watermarks`, {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([stopping.signal, silence.signal]),
    })
    if (!response.ok || !response.body) throw new Error(`ingest answered ${response.status}`)
    for await (const event of readEvents(response.body)) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(new Error('silent')), SILENCE_MS_MAX)
      yield event
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Ends every stream, so that the server can stop. */
export function stopLive() {
  stopping.abort()
  for (const client of clients) client.close()
}

/** One browser's stream, or null when there are too many already. */
export function openStream(
  reader: Reader,
  last_event_id: string | null,
): ReadableStream<Uint8Array> | null {
  if (clients.size >= CLIENTS_MAX || stopping.signal.aborted) return null
  const encoder = new TextEncoder()
  let client: Client | undefined
  let ping: ReturnType<typeof setInterval> | undefined
  /** What waits for a slow reader: only ever the newest, because it says all that older ones did. */
  let waiting: string | null = null

  function leave() {
    clearInterval(ping)
    if (client) clients.delete(client)
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      client = {
        reader,
        send(text) {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(text))
          else waiting = text
        },
        close() {
          leave()
          controller.close()
        },
      }
      clients.add(client)
      ping = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': ping\n\n'))
      }, PING_MS)
      const current = currentWatermark(reader)
      const isKnown = current?.connected && current.lsn === last_event_id
      client.send('retry: 1000\n\n' + (current && !isKnown ? toEvent(current) : ''))
    },
    pull(controller) {
      if (waiting === null) return
      controller.enqueue(encoder.encode(waiting))
      waiting = null
    },
    cancel: leave,
  })
}

function publish() {
  const texts = new Map<Reader, string>()
  for (const client of clients) {
    const text = texts.get(client.reader) ?? eventFor(client.reader)
    texts.set(client.reader, text)
    client.send(text)
  }
}

function eventFor(reader: Reader) {
  const current = currentWatermark(reader)
  return current ? toEvent(current) : ''
}

function toEvent(watermark: Watermark) {
  return `id: ${watermark.lsn}\nevent: watermark\ndata: ${JSON.stringify(watermark)}\n\n`
}

function sleep(ms: number) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
