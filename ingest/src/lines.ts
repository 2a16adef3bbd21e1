/** Lines of ClickHouse's TabSeparated as bytes: values are copied from where Postgres sent them. */
import { NOWHERE, type Places, type Row } from './row.ts'
import type { TargetColumn } from './target.ts'

const TAB = 0x09
const NEWLINE = 0x0a
const BACKSLASH = 0x5c
const BLOCK_BYTES = 64 * 1024
/** A copy of so few bytes is done before a call of `copy` has begun. */
const SHORT_BYTES_MAX = 24

export type Lines = { blocks: Buffer[]; block: Buffer; used: number }

export function createLines(): Lines {
  return { blocks: [], block: Buffer.allocUnsafe(BLOCK_BYTES), used: 0 }
}

/** All of it, in order. Nothing may be added after. */
export function blocksOf(lines: Lines): Buffer[] {
  if (lines.used > 0) lines.blocks.push(lines.block.subarray(0, lines.used))
  lines.used = 0
  return lines.blocks
}

/** One value and the tab after it. */
export function addValue(lines: Lines, column: TargetColumn, row: Row, places: Places, at: number) {
  const from = at < 0 || at >= places.count ? NOWHERE : (places.from[at] ?? NOWHERE)
  if (from === NOWHERE) {
    // A column the source does not have is null too, which ClickHouse turns into the column's default.
    reserve(lines, 3)
    lines.block[lines.used] = BACKSLASH
    lines.block[lines.used + 1] = 0x4e // N
    lines.block[lines.used + 2] = TAB
    lines.used += 3
    return
  }
  const to = places.to[at] ?? from
  const end = column.passes(row.bytes, from, to)
  if (end < 0) addText(lines, column.encode(row.bytes.toString('utf8', from, to), column.issue))
  else addBytes(lines, row.bytes, from, end)
  addByte(lines, TAB)
}

export function addText(lines: Lines, text: string) {
  // No character takes more than three bytes for each of its units.
  reserve(lines, text.length * 3)
  lines.used += lines.block.write(text, lines.used)
}

export function addNewline(lines: Lines) {
  addByte(lines, NEWLINE)
}

function addByte(lines: Lines, byte: number) {
  reserve(lines, 1)
  lines.block[lines.used] = byte
  lines.used += 1
}

function addBytes(lines: Lines, bytes: Buffer, from: number, to: number) {
  reserve(lines, to - from)
  const { block, used } = lines
  if (to - from > SHORT_BYTES_MAX) bytes.copy(block, used, from, to)
  else for (let at = from, into = used; at < to; at += 1, into += 1) block[into] = bytes[at] ?? 0
  lines.used = used + to - from
}

function reserve(lines: Lines, bytes: number) {
  if (lines.used + bytes <= lines.block.length) return
  if (lines.used > 0) lines.blocks.push(lines.block.subarray(0, lines.used))
  lines.block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, bytes))
  lines.used = 0
}
