/**
 * What a mirror was made from is written on it, as ClickHouse comments: the schema that was applied and the
 * table that has it can never disagree, whatever dies between two steps.
 */

export type TableNote = { schema: string; name: string; oid: number }
export type ColumnNote = { number: number; type: string; isDropped: boolean }

const TABLE = /^mirror of (\d+) (\[.*\])$/
const COLUMN = /^(dropped )?(\d+) (.+)$/s

export function tableNote({ schema, name, oid }: TableNote): string {
  return `mirror of ${oid} ${JSON.stringify([schema, name])}`
}

export function parseTableNote(text: string): TableNote | null {
  const match = TABLE.exec(text)
  if (!match) return null
  const [schema, name]: string[] = JSON.parse(match[2] ?? '[]')
  return schema !== undefined && name !== undefined ? { schema, name, oid: Number(match[1]) } : null
}

export function columnNote({ number, type, isDropped }: ColumnNote): string {
  return `${isDropped ? 'dropped ' : ''}${number} ${type}`
}

export function parseColumnNote(text: string): ColumnNote | null {
  const match = COLUMN.exec(text)
  return match && { number: Number(match[2]), type: match[3] ?? '', isDropped: Boolean(match[1]) }
}

/** The values of a dropped column stay, under a name that no column of the source can be taken for. */
export function droppedName(name: string, number: number): string {
  return `_dropped_${number}_${name}`
}
