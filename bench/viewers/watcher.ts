/**
 * A page that is open somewhere, without its browser: it listens to the stream of changes and asks of what its page
 * asks the part that a change moves, when and as often as the page would.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../test/stack.ts'

/** An answer that is on the screen: what it was computed at, and when it was there. */
export type Shown = { lsn: bigint; at: number }
export type Watcher = { shown: Shown[]; batches(): number; failures(): number; stop(): void }

/** As web/src/lib/board.svelte.ts has it. */
const BETWEEN_BATCHES_MS = 250

type Asked = { token: string; body: string }
type Answers = { results: { watermark?: { lsn: string } | null }[] }
type Topics = Record<string, { lsn: string }>
/** `at`: what its answer on the screen was computed at. */
type Question = { query: unknown; topics: readonly string[]; at: bigint }

export function watch(stack: Stack, { token, body }: Asked): Watcher {
  const shown: Shown[] = []
  const stopping = new AbortController()
  const headers = {
    cookie: `session=${token}`,
    origin: new URL(stack.web_url).origin,
    'content-type': 'application/json',
  }
  const { signal } = stopping
  let batches = 0
  let failures = 0
  let questions: Question[] = []
  let moved: Topics = {}
  let isAsking = false
  void listen()
  return {
    shown,
    batches: () => batches,
    failures: () => failures,
    stop: () => stopping.abort(),
  }

  async function listen() {
    questions = questionsOf(body, await topicsOfViews(stack, headers))
    for await (const topics of changesOf(stack, { headers, signal })) {
      moved = topics
      if (!isAsking) void ask()
    }
  }

  async function ask() {
    isAsking = true
    for (let due = dueOf(questions, moved); due.length > 0; due = dueOf(questions, moved)) {
      if (signal.aborted) break
      const startedAt = Date.now()
      const url = `${stack.web_url}/cube/batch`
      try {
        const response = await fetch(url, { method: 'POST', headers, body: bodyOf(due), signal })
        const { results }: Answers = await response.json()
        const lsns = results.flatMap(({ watermark }) => (watermark ? [BigInt(watermark.lsn)] : []))
        batches += 1
        failures += results.length - lsns.length
        due.forEach((question, index) => {
          question.at = BigInt(results[index]?.watermark?.lsn ?? question.at)
        })
        if (lsns.length > 0) shown.push({ lsn: oldestOf(lsns), at: Date.now() })
      } catch {
        if (!signal.aborted) failures += 1
      }
      await sleep(Math.max(0, startedAt + BETWEEN_BATCHES_MS - Date.now()))
    }
    isAsking = false
  }
}

type Meta = { cubes: { name: string; meta: { topics: string[] } }[] }

/** Which changes move the numbers of each view that may be asked. */
async function topicsOfViews(stack: Stack, headers: Record<string, string>) {
  const response = await fetch(`${stack.web_url}/cube/cubejs-api/v1/meta`, { headers })
  const { cubes }: Meta = await response.json()
  return cubes.map(({ name, meta }) => ({ view: name, own: meta.topics }))
}

function questionsOf(body: string, views: { view: string; own: string[] }[]): Question[] {
  const { queries }: { queries: object[] } = JSON.parse(body)
  return queries.map((query) => {
    // Members are written view.member wherever they stand in a question.
    const members = JSON.stringify(query).matchAll(/"([a-z_]+)\.[a-z_0-9]+"/g)
    const named = new Set([...members].map(([, view]) => view ?? ''))
    const topics = views.flatMap(({ view, own }) => (named.has(view) ? own : []))
    return { query, topics, at: 0n }
  })
}

/** Those that a change has moved past their answers. */
function dueOf(questions: Question[], moved: Topics) {
  return questions.filter(({ topics, at }) =>
    topics.some((topic) => BigInt(moved[topic]?.lsn ?? 0) > at),
  )
}

function bodyOf(due: Question[]) {
  return JSON.stringify({ queries: due.map(({ query }) => query) })
}

type Request = { headers: Record<string, string>; signal: AbortSignal }

/** Ends when the watcher is stopped. A position that moved with no topic of its own is a heartbeat. */
async function* changesOf(stack: Stack, request: Request): AsyncGenerator<Topics> {
  const response = await fetch(`${stack.web_url}/live`, request)
  if (!response.ok || !response.body) throw new Error(`/live answered ${response.status}`)
  const decoder = new TextDecoder()
  let known = ''
  try {
    for await (const chunk of response.body) {
      const line = decoder.decode(chunk).match(/^data: (.+)$/m)?.[1]
      if (line === undefined) continue
      const { topics }: { topics: Topics } = JSON.parse(line)
      const told = JSON.stringify(topics)
      if (told === known) continue
      known = told
      yield topics
    }
  } catch (error) {
    if (!request.signal.aborted) throw error
  }
}

function oldestOf(lsns: bigint[]): bigint {
  return lsns.reduce((oldest, one) => (one < oldest ? one : oldest))
}
