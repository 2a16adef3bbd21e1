import { page } from '$app/state'
import { createFormat } from './format.ts'

/** How this company's money and numbers are written in the reader's language; read it inside $derived. */
export function numbers() {
  const { instance, lang } = page.data
  return createFormat(lang, {
    currency: instance?.currency ?? 'CNY',
    minorDigits: instance?.minor_digits ?? 2,
  })
}
