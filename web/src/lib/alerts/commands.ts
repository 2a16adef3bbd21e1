/** What the page asks core-api to do. Each command has one key, so that pressing again after a failure is one command. */
import { openApi } from '#lib/api/client.ts'
import type { Core } from './ask.ts'
import type { Purchase, Transfer } from './types.ts'

export type Refused = { code: string | null }
export type Done = { ok: true; lsn: string } | { ok: false; refused: Refused }

const PATIENCE_MS = 15_000
const KEY_BYTES = 16

type Answer = {
  data?: { lsn: string }
  error?: unknown
}

/** A key for a command that is about to be given; `randomUUID` is not there without https. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

export function createCommands() {
  const core = openApi('/api')
  return {
    ...alertCommands(core),
    ...orderCommands(core),
    ...transferCommands(core),
    ...purchaseCommands(core),
  }
}

function alertCommands(core: Core) {
  return {
    acknowledge: (id: number, key: string) =>
      told(core.POST('/alerts/{id}/acknowledge', { params: at(id, key), signal: patience() })),
    reopen: (id: number, key: string) =>
      told(core.POST('/alerts/{id}/reopen', { params: at(id, key), signal: patience() })),
    assign: (id: number, key: string, user_id: number | null) =>
      told(
        core.POST('/alerts/{id}/assign', {
          params: at(id, key),
          body: { user_id },
          signal: patience(),
        }),
      ),
    snooze: (id: number, key: string, minutes: number) =>
      told(
        core.POST('/alerts/{id}/snooze', {
          params: at(id, key),
          body: { minutes },
          signal: patience(),
        }),
      ),
    resolve: (id: number, key: string) =>
      told(
        core.POST('/alerts/{id}/resolve', { params: at(id, key), body: {}, signal: patience() }),
      ),
  }
}

/** What an order needs that stands still. Its answer names no position: the list shows it when it is judged again. */
function orderCommands(core: Core) {
  return {
    shipOrder: (id: number, key: string) =>
      told(positioned(core.POST('/orders/{id}/ship', { params: at(id, key), signal: patience() }))),
    cancelOrder: (id: number, key: string) =>
      told(
        positioned(core.POST('/orders/{id}/cancel', { params: at(id, key), signal: patience() })),
      ),
  }
}

async function positioned(asking: Promise<{ data?: unknown; error?: unknown }>): Promise<Answer> {
  const { data, error } = await asking
  return data === undefined ? { error } : { data: { lsn: '0' } }
}

function transferCommands(core: Core) {
  return {
    transfer: (
      key: string,
      body: {
        sku_id: number
        from_warehouse_id: number
        to_warehouse_id: number
        quantity: number
        reason: string
        alert_id: number
      },
    ) => told(core.POST('/transfers', { params: headed(key), body, signal: patience() })),
    stepTransfer: ({ id }: Transfer, step: 'ship' | 'close' | 'cancel', key: string) =>
      told(core.POST(`/transfers/{id}/${step}`, { params: at(id, key), signal: patience() })),
    receiveTransfer: ({ id }: Transfer, quantity: number, key: string) =>
      told(
        core.POST('/transfers/{id}/receive', {
          params: at(id, key),
          body: { quantity },
          signal: patience(),
        }),
      ),
  }
}

function purchaseCommands(core: Core) {
  return {
    purchase: (
      key: string,
      body: {
        sku_id: number
        warehouse_id: number
        quantity: number
        cost_cents: string
        reason: string
        alert_id: number
      },
    ) => told(core.POST('/purchase-requests', { params: headed(key), body, signal: patience() })),
    stepPurchase: ({ id }: Purchase, step: 'approve' | 'close' | 'cancel', key: string) =>
      told(
        core.POST(`/purchase-requests/{id}/${step}`, { params: at(id, key), signal: patience() }),
      ),
    receivePurchase: ({ id }: Purchase, quantity: number, key: string) =>
      told(
        core.POST('/purchase-requests/{id}/receive', {
          params: at(id, key),
          body: { quantity },
          signal: patience(),
        }),
      ),
  }
}

async function told(asking: Promise<Answer>): Promise<Done> {
  try {
    const { data, error } = await asking
    if (data) return { ok: true, lsn: data.lsn }
    const hasCode = typeof error === 'object' && error !== null && 'code' in error
    return { ok: false, refused: { code: hasCode ? String(error.code) : 'FAILED' } }
  } catch {
    return { ok: false, refused: { code: null } }
  }
}

function headed(key: string) {
  return { header: { 'idempotency-key': key } }
}

function at(id: number, key: string) {
  return { path: { id }, ...headed(key) }
}

function patience() {
  return AbortSignal.timeout(PATIENCE_MS)
}
