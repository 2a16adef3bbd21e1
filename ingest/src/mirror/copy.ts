/** Fills replacements from Postgres, part by part. */
import { isDeepStrictEqual } from 'node:util'
import postgres from 'postgres'
import { findTable, readPages } from '../catalog/tables.ts'
import type { Context } from '../context.ts'
import { quote, unfitColumns } from '../copy-plan.ts'
import { quarantine } from '../quarantine.ts'
import { copyTables, pagesOf, type CopyPart } from '../source/copy.ts'
import type { Target } from '../target.ts'
import { readCopied, writeCopied } from './registry.ts'
import type { Replacement } from './replace.ts'

const PAGE_BYTES = 8_192
/** 64 MB: what an interruption costs at most, and enough parts of one large table for all connections. */
const PART_PAGES = 8_192
/** Postgres' words for a column and for a table that it does not find. */
const UNDEFINED = new Set(['42703', '42P01'])

type Moment = { snapshot: string; version: bigint }

/** Returns those whose tables were dropped or changed meanwhile: they want another plan. */
export async function copyReplacements(
  context: Context,
  replacements: Replacement[],
  { snapshot, version }: Moment,
): Promise<Set<Replacement>> {
  const left = new Set<Replacement>()
  const { config, sink, state, lost, log } = context
  await measure(context, replacements)
  const ordered = replacements.toSorted((one, other) => other.job.pages - one.job.pages)
  const byTarget = new Map(ordered.map((one) => [one.target.name, one]))
  const parts: CopyPart[] = []
  for (const replacement of ordered) parts.push(...(await partsLeft(context, replacement)))
  const pagesTotal = parts.reduce((sum, part) => sum + pagesIn(part, byTarget), 0)
  state.copy = {
    tables: replacements.length,
    parts: parts.length,
    parts_done: 0,
    bytes: pagesTotal * PAGE_BYTES,
    bytes_done: 0,
  }
  await copyTables({
    databaseUrl: config.DATABASE_URL,
    snapshot,
    parts,
    signal: lost.signal,
    load: ({ target }, columns, body) => sink.load({ target, columns, version, body }),
    async onCopied(part, sql) {
      const replacement = byTarget.get(part.target.name)
      if (!replacement) return
      const { epoch, source, replacement: uuid } = replacement.entry
      await findUnfit(context, part, { sql, version })
      const bytes = pagesIn(part, byTarget) * PAGE_BYTES
      await writeCopied(sink, {
        epoch,
        source,
        replacement: uuid,
        first_page: part.firstPage,
        bytes,
      })
      if (state.copy) {
        state.copy.parts_done += 1
        state.copy.bytes_done += bytes
      }
      log.info({ table: source, page: part.firstPage }, 'part copied')
    },
    async onFailed(part, error) {
      const replacement = byTarget.get(part.target.name)
      if (!replacement) return 'fail'
      const { name } = part.source
      const lost = await followSource(context, replacement)
      if (!lost) return part.source.name !== name || isUndefined(error) ? 'again' : 'fail'
      left.add(replacement)
      log.info(
        { table: replacement.entry.source, lost },
        'the table is not as it was: left for now',
      )
      return 'leave'
    },
  })
  state.copy = null
  return left
}

/** It was called otherwise for a moment, and may be as it was again. */
function isUndefined(error: unknown): boolean {
  return error instanceof postgres.PostgresError && UNDEFINED.has(error.code)
}

/**
 * A table may have got another name since its copy was planned. Says why the copy cannot go on: other columns
 * want another plan.
 */
export async function followSource(
  { control }: Context,
  { job }: Replacement,
): Promise<'dropped' | 'changed' | null> {
  const { catalog } = job
  if (!catalog) return null
  const now = await findTable(control, catalog.oid)
  if (!now) return 'dropped'
  Object.assign(job.source, { schema: now.schema, name: now.name })
  return isDeepStrictEqual(now.columns, catalog.columns) ? null : 'changed'
}

/** How large they are now. Whoever has one of them locked is waited for, as the copy would wait for him. */
async function measure({ config, lost }: Context, replacements: Replacement[]) {
  const jobs = replacements.map(({ job }) => job)
  const oids = jobs.flatMap(({ catalog }) => (catalog ? [catalog.oid] : []))
  if (oids.length === 0) return
  const pages = await readPages(config.DATABASE_URL, oids, lost.signal)
  for (const job of jobs) job.pages = pages.get(job.catalog?.oid ?? 0) ?? job.pages
}

/** Large tables in parts, so that an interruption does not cost all of it; the copied ones are left out. */
async function partsLeft({ sink }: Context, replacement: Replacement): Promise<CopyPart[]> {
  const { job, target, entry } = replacement
  const starts = [0]
  for (let page = PART_PAGES; page < job.pages; page += PART_PAGES) starts.push(page)
  const copied = replacement.isContinued ? await readCopied(sink, entry) : new Map<number, number>()
  // Parts were longer once, and a copy may have been begun by a version that made them so.
  const isCopied = (page: number) =>
    copied.has(page) ||
    [...copied].some(([first, bytes]) => first < page && page < first + bytes / PAGE_BYTES)
  return starts
    .map((firstPage, index) => ({
      source: job.source,
      target,
      firstPage,
      lastPage: starts[index + 1] ?? null,
    }))
    .filter((part) => !isCopied(part.firstPage))
}

function pagesIn(part: CopyPart, byTarget: Map<string, Replacement>): number {
  const last = part.lastPage ?? byTarget.get(part.target.name)?.job.pages ?? 0
  return Math.max(0, last - part.firstPage)
}

/** Rows passed unread, so what had no place is asked for where it still is, as of the same moment. */
async function findUnfit(
  context: Context,
  part: CopyPart,
  { sql, version }: { sql: postgres.Sql; version: bigint },
): Promise<void> {
  const { sink, state } = context
  const unfit = unfitColumns(part.target)
  if (unfit.length === 0) return
  const pages = pagesOf(part.firstPage, part.lastPage)
  const table = `${quote(part.source.schema)}.${quote(part.source.name)}`
  for (const { column, condition } of unfit) {
    const key = keyTexts(part.target)
    const where = pages === '' ? ' where' : `${pages} and`
    const rows = await sql.unsafe<{ key: string[]; value: string }[]>(
      `select json_build_array(${key.join(', ')}) as key, ${quote(column.name)}::text as value
       from ${table}${where} (${condition})`,
    )
    state.counters.issues += rows.length
    state.quarantined += rows.length
    await quarantine(
      sink,
      rows.map((row) => ({
        target: part.target,
        version,
        key: JSON.stringify(row.key),
        column: column.name,
        value: row.value,
        reason: `${column.type} cannot hold it`,
      })),
    )
  }
}

function keyTexts(target: Target): string[] {
  if (target.hasRowKey) return ['ctid::text']
  return target.key.flatMap((index) => {
    const column = target.columns[index]
    return column ? [`${quote(column.name)}::text`] : []
  })
}
