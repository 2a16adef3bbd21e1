/**
 * A page that is open somewhere, without its browser: it listens to the stream of changes and asks the
 * very batch its page asks, when and as often as the page would.
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
  let isWanted = false
  let isAsking = false
  void listen()
  return {
    shown,
    batches: () => batches,
    failures: () => failures,
    stop: () => stopping.abort(),
  }

  async function listen() {
    for await (const _ of changesOf(stack, { headers, signal })) {
      isWanted = true
      if (!isAsking) void ask()
    }
  }

  async function ask() {
    isAsking = true
    while (isWanted && !signal.aborted) {
      isWanted = false
      const startedAt = Date.now()
      const url = `${stack.web_url}/cube/batch`
      try {
        const response = await fetch(url, { method: 'POST', headers, body, signal })
        const { results }: Answers = await response.json()
        const lsns = results.flatMap(({ watermark }) => (watermark ? [BigInt(watermark.lsn)] : []))
        batches += 1
        failures += results.length - lsns.length
        if (lsns.length > 0) shown.push({ lsn: oldestOf(lsns), at: Date.now() })
      } catch {
        if (!signal.aborted) failures += 1
      }
      await sleep(Math.max(0, startedAt + BETWEEN_BATCHES_MS - Date.now()))
    }
    isAsking = false
  }
}

type Request = { headers: Record<string, string>; signal: AbortSignal }

/** Ends when the watcher is stopped. A position that moved with no topic of its own is a heartbeat. */
async function* changesOf(stack: Stack, request: Request) {
  const response = await fetch(`${stack.web_url}/live`, request)
  if (!response.ok || !response.body) throw new Error(`/live answered ${response.status}`)
  const decoder = new TextDecoder()
  let known = ''
  try {
    for await (const chunk of response.body) {
      const line = decoder.decode(chunk).match(/^data: (.+)$/m)?.[1]
      if (line === undefined) continue
      const topics = JSON.stringify(JSON.parse(line).topics)
      if (topics === known) continue
      known = topics
      yield
    }
  } catch (error) {
    if (!request.signal.aborted) throw error
  }
}

function oldestOf(lsns: bigint[]): bigint {
  return lsns.reduce((oldest, one) => (one < oldest ? one : oldest))
}
