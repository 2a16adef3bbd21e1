/** Lines on their way into the waiting table, as COPY text. */
import { once } from 'node:events'
import type { Line, Refused } from './staged.ts'

export const STAGE_COLUMNS = [
  'document',
  'kind',
  'role',
  'external_id',
  'at',
  'shipped_at',
  'sku',
  'sku_name',
  'product',
  'category',
  'subcategory',
  'is_service',
  'quantity',
  'unit_price_cents',
  'list_cents',
  'discount_cents',
  'total_cents',
  'cost_cents',
  'customer',
  'customer_name',
  'segment',
  'country',
  'region',
  'city',
  'distributor',
  'channel',
  'warehouse',
  'shipping_cents',
  'order_discount_cents',
  'account',
] as const satisfies (keyof Line)[]

export type Place = { run: number; seq: number; file: number; line: number }

// Postgres text cannot hold a NUL; a replacement character shows where one was.
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\\\t\n\r\0]/
const SPECIALS = /[\\\t\n\r\0]/g
const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\uFFFD',
}

export function copyLine({ run, seq, file, line }: Place, content: Line): string {
  let text = `${run}\t${seq}\t${file}\t${line}\tf`
  for (const column of STAGE_COLUMNS) text += `\t${copyValue(content[column])}`
  return `${text}\n`
}

/** A refused line keeps its document, so that what is left of the document is held back too. */
export function copyRefused({ run, seq, file, line }: Place, { document }: Refused): string {
  const rest = STAGE_COLUMNS.map((name) => (name === 'document' ? copyValue(document) : '\\N'))
  return `${run}\t${seq}\t${file}\t${line}\tt\t${rest.join('\t')}\n`
}

function copyValue(value: string | bigint | boolean | null): string {
  if (value === null) return '\\N'
  if (typeof value !== 'string')
    return typeof value === 'boolean' ? (value ? 't' : 'f') : `${value}`
  return SPECIAL.test(value) ? value.replace(SPECIALS, (char) => ESCAPES[char] ?? char) : value
}

/** Waits when the socket is full, so that a fast file does not fill memory. */
export async function writeAll(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}
