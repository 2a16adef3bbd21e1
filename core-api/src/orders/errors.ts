import { Refusal } from '../lib/refusal.ts'
import type { ShortLine } from '../lib/schema.ts'

export function outOfStock(short: ShortLine[]): Refusal {
  const lines = short.map(
    ({ sku, wanted, available }) => `${sku}: wanted ${wanted}, available ${available}`,
  )
  return new Refusal(409, 'OUT_OF_STOCK', 'There is not enough in stock', lines.join('; '), {
    short,
  })
}

export function wrongState(detail: string): Refusal {
  return new Refusal(409, 'WRONG_STATE', 'The order is not in a state for this', detail)
}

export function channelTransactionUsed(): Refusal {
  return new Refusal(
    409,
    'CHANNEL_TXN_USED',
    'This payment belongs to another order',
    'The payment transaction was already recorded for another order; nothing was changed',
  )
}

export function externalIdUsed(): Refusal {
  return new Refusal(
    409,
    'EXTERNAL_ID_USED',
    'The channel already has an order with this external id',
  )
}
