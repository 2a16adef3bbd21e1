/** Turns one row of a file into one line that waits for posting, or says why it cannot. */
import { amountReader, decimalReader } from './amount.ts'
import { type Columns, reader } from './expression.ts'
import { headReader } from './head.ts'
import { toWhole, type NumberFormat } from './decimal.ts'
import type { ImportMap } from './map-schema.ts'
import { classifier } from './rules.ts'
import { settle } from './settle.ts'
import { type Instance, type Line, type Refused, refuse } from './staged.ts'

export type ToLine = (row: string[]) => Line | Refused

const KEY_LENGTH_MAX = 400

/** Compiled once per file, so that a missing column is told before the first line is read. */
export function lineMaker(map: ImportMap, columns: Columns, instance: Instance): ToLine {
  const format = numberFormat(map)
  const document = reader(map.document, columns, '/document')
  const readHead = headReader(map, columns, instance, format)
  const sku = reader(map.sku.code, columns, '/sku/code')
  const quantity = decimalReader(reader(map.quantity, columns, '/quantity'), format)
  const amounts = amountReader(map, columns, instance.minor_digits, format)
  const classify = classifier(map.rules ?? [], columns)

  return (row) => {
    const number = document(row, '')
    if (number === null || number.length > KEY_LENGTH_MAX) {
      return refuse(null, 'document', 'MISSING', 'the line names no order')
    }
    const code = sku(row, number)
    if (code === null) return refuse(number, 'sku', 'MISSING', 'the line names no sku')
    const pieces = quantity(row, number)
    const whole = pieces ? toWhole(pieces) : undefined
    if (whole === undefined) {
      return refuse(number, 'quantity', 'NO_NUMBER', 'the quantity is no whole number')
    }
    const worth = amounts(row, number, whole)
    if (typeof worth === 'string') {
      return refuse(number, worth, 'NO_NUMBER', `${worth} is missing or no number`)
    }
    const verdict = classify({
      row,
      document: number,
      sku: code,
      quantity: whole,
      price: worth.price,
    })
    const head = readHead(row, number, code)
    if ('problem' in head) return head
    return settle(head, verdict, whole, worth)
  }
}

function numberFormat({ format }: ImportMap): NumberFormat | undefined {
  if (
    format?.decimal === undefined &&
    format?.group === undefined &&
    format?.symbols === undefined
  ) {
    return undefined
  }
  return {
    decimal: format.decimal ?? '.',
    group: format.group ?? '',
    symbols: format.symbols ?? '',
  }
}
