/** What is known of each table: whether it can be relied on, since when, and what it waits for. */
import type { Sink } from '../sink/clickhouse.ts'
import { clickhouseTimeOf, nowMicros } from '../time.ts'

/** A table that was renamed is `gone` under the name it had. */
export type TableStatus = 'copying' | 'live' | 'resync_required' | 'gone'

export type TableEntry = {
  source: string
  target: string
  status: TableStatus
  reason: string
  epoch: number
  /** Changes at or below it are in the table already. */
  version: bigint
  /** The UUID of the table that is being filled to take the place of the old one. */
  replacement: string
  copiedBytes: bigint
}

type Row = Omit<TableEntry, 'version' | 'copiedBytes'> & {
  version: string
  copied_bytes: string
  changed_at: string
}

const DURABLE = {
  async_insert: 0,
  wait_end_of_query: 1,
  date_time_input_format: 'basic',
  session_timezone: 'UTC',
} as const

export async function readTables(sink: Sink): Promise<Map<string, TableEntry>> {
  const result = await sink.client.query({
    query: `
      select source, target, status, reason, epoch, toString(version) as version, replacement,
        toString(copied_bytes) as copied_bytes, toString(toUnixTimestamp64Micro(changed_at)) as changed_at
      from cdc_table final
      where pipe = {pipe: String}`,
    query_params: { pipe: sink.pipe },
    format: 'JSONEachRow',
  })
  const rows = await result.json<Row>()
  for (const { changed_at } of rows) noteTime(BigInt(changed_at))
  const kept = rows.filter(({ status }) => status !== 'gone')
  return new Map(kept.map((row) => [row.source, entryOf(row)]))
}

function entryOf({ source, target, status, reason, epoch, replacement, ...row }: Row): TableEntry {
  const [version, copiedBytes] = [BigInt(row.version), BigInt(row.copied_bytes)]
  return { source, target, status, reason, epoch, replacement, version, copiedBytes }
}

let lastWrite = 0n

function noteTime(time: bigint) {
  if (time > lastWrite) lastWrite = time
}

/** Durable when it resolves. Its time never goes back, also where the clock did, for the newest entry counts. */
export async function writeTable(sink: Sink, entry: TableEntry): Promise<void> {
  const now = nowMicros()
  lastWrite = now > lastWrite ? now : lastWrite + 1n
  const { version, copiedBytes, ...rest } = entry
  await sink.client.insert({
    table: 'cdc_table',
    values: [
      {
        ...rest,
        pipe: sink.pipe,
        version: version.toString(),
        copied_bytes: copiedBytes.toString(),
        changed_at: clickhouseTimeOf(lastWrite),
      },
    ],
    format: 'JSONEachRow',
    clickhouse_settings: DURABLE,
  })
}

type Copied = { epoch: number; source: string; replacement: string }

/** The first pages of the parts that are in the replacement already. */
export async function readCopied(sink: Sink, copied: Copied): Promise<Map<number, number>> {
  const result = await sink.client.query({
    query: `
      select toFloat64(first_page) as first_page, toFloat64(bytes) as bytes
      from cdc_copied final
      where pipe = {pipe: String} and epoch = {epoch: UInt16} and source = {source: String}
        and replacement = {replacement: String}`,
    query_params: { pipe: sink.pipe, ...copied },
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ first_page: number; bytes: number }>()
  return new Map(rows.map((row) => [row.first_page, row.bytes]))
}

export async function writeCopied(
  sink: Sink,
  part: Copied & { first_page: number; bytes: number },
): Promise<void> {
  await sink.client.insert({
    table: 'cdc_copied',
    values: [{ pipe: sink.pipe, ...part }],
    format: 'JSONEachRow',
    clickhouse_settings: DURABLE,
  })
}
