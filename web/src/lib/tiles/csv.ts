import type { Table } from './prepare/setting.ts'

/** The table behind a chart as a file: the byte order mark is for Excel, which reads no UTF-8 without it. */
export function toCsv({ columns, rows }: Table) {
  const lines = [columns.map(({ title }) => title), ...rows]
  return `\ufeff${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`
}

/** A cell that begins like a formula is kept from being run as one. The true minus sign becomes one that a sheet reads. */
function quoted(cell: string) {
  const text = cell.replace(/^−/, '-')
  const isFormula = /^[=+@\t\r]/.test(text) || /^-(?![\d.]|\p{Sc}\d)/u.test(text)
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`
}

export function download(name: string, table: Table) {
  const address = URL.createObjectURL(new Blob([toCsv(table)], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(address)
}
