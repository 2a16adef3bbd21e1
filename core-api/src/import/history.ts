/**
 * Brings files of orders in. All lines are read and judged first and wait in one table; then documents post
 * in the order of their time, a few thousand lines a transaction, each transaction recording what it posted.
 * So a run may be killed at any moment: the next one reads again and posts what is missing.
 */
import { basename } from 'node:path'
import type postgres from 'postgres'
import { columnsOf } from './expression.ts'
import { joinHeaders, readHeaders } from './headers.ts'
import { lineMaker } from './line.ts'
import { type Instance, isRefused } from './staged.ts'
import type { ImportMap } from './map-schema.ts'
import { postSteps } from './posting.ts'
import * as queries from './queries.ts'
import { openRows } from './read.ts'
import type { Report } from './report.ts'
import { copyLine, copyRefused, STAGE_COLUMNS, writeAll } from './stage.ts'

export type Outcome = {
  read: number
  written: number
  already_there: number
  rejected: number
  days_moved: number
}
export type Progress = (step: 'read' | 'prepared' | 'written', lines: number) => void
type Request = { files: string[]; map: ImportMap; report: Report; onProgress: Progress }

const FILES_MAX = 10_000

export class ImportRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ImportRefused'
  }
}

/** `sql` must allow IMPORT_CONNECTIONS connections. */
export async function importHistory(sql: postgres.Sql, request: Request): Promise<Outcome> {
  const { files, map } = request
  const headerPattern = map.headers && new RegExp(map.headers.file)
  const isHeader = (file: string) => headerPattern?.test(basename(file)) ?? false
  if (files.length > FILES_MAX) throw new ImportRefused(`at most ${FILES_MAX} files at once`)

  const connections: queries.Connections = [await sql.reserve(), await sql.reserve()]
  const [connection] = connections
  try {
    const instance = await queries.findInstance(connection)
    if (instance === undefined) throw new ImportRefused('the database has no instance yet')
    if (!(await queries.lockImports(connection))) {
      throw new ImportRefused('another import is running in this instance')
    }
    const zone = map.time_zone ?? instance.time_zone
    for (const each of connections) await queries.prepareSession(each, zone)
    const run = await queries.openRun(connection, map.source, settingsOf(map, zone))
    const headers = await readHeaders(files.filter(isHeader), map)
    const lines = files.filter((file) => !isHeader(file))
    const staged = await stage(connection, run, { ...request, files: lines, instance, headers })
    return await postAll(connections, run, staged, request)
  } finally {
    for (const each of connections) each.release()
  }
}

type Staging = Request & { instance: Instance; headers: Awaited<ReturnType<typeof readHeaders>> }
type Staged = { read: number; refused: number }

async function stage(
  sql: queries.Connection,
  run: number,
  { files, map, report, onProgress, instance, headers }: Staging,
): Promise<Staged> {
  const columns = ['run_id', 'seq', 'file', 'line', 'is_refused', ...STAGE_COLUMNS].join(', ')
  const copy = await sql.unsafe(`copy import_stage (${columns}) from stdin`).writable()
  const staged = { read: 0, refused: 0 }
  for (const [index, file] of files.entries()) {
    const name = basename(file)
    const rows = await openRows(file, map)
    const joined = joinHeaders(rows, headers, map)
    const toLine = lineMaker(map, columnsOf(joined.columns, name), instance)
    for await (const batch of joined.rows) {
      let text = ''
      for (const { line, cells, problem } of batch) {
        staged.read += 1
        const place = { run, seq: staged.read, file: index, line }
        const result = problem
          ? { document: null, problem: { field: '', code: 'MALFORMED', message: problem } }
          : toLine(cells)
        if (isRefused(result)) {
          staged.refused += 1
          text += copyRefused(place, result)
          await report.write({ file: name, line, document: result.document, ...result.problem })
        } else {
          text += copyLine(place, result)
        }
      }
      await writeAll(copy, text)
      onProgress('read', staged.read)
    }
  }
  copy.end()
  await new Promise<void>((resolve, reject) => {
    copy.on('finish', resolve)
    copy.on('error', reject)
  })
  return staged
}

async function postAll(
  connections: queries.Connections,
  run: number,
  staged: Staged,
  { files, map, report, onProgress }: Request,
): Promise<Outcome> {
  const [sql] = connections
  const days_moved = await queries.prepare(connections, run)
  onProgress('prepared', staged.read)

  const written = await postSteps(connections, run, (lines) => onProgress('written', lines))
  await queries.releaseCommissions(sql)

  const lines = await queries.countLines(sql, run)
  const unfit = queries.UNFIT_STATUSES.reduce((sum, status) => sum + (lines.get(status) ?? 0), 0)
  const rejected = staged.refused + unfit
  const pattern = map.headers && new RegExp(map.headers.file)
  const names = files.map((file) => basename(file)).filter((name) => !pattern?.test(name))
  for await (const line of queries.listUnfitLines(sql, run)) {
    await report.write({
      file: names[line.file] ?? '',
      line: Number(line.line),
      document: line.document,
      field: 'document',
      ...UNFIT[line.status],
    })
  }
  const outcome = { read: staged.read, written, already_there: lines.get('there') ?? 0, rejected }
  if (outcome.read !== written + outcome.already_there + rejected) {
    throw new Error(`lines unaccounted for: ${JSON.stringify(outcome)}`)
  }
  await queries.closeRun(sql, run, outcome)
  return { ...outcome, days_moved }
}

const UNFIT = {
  held: {
    code: 'DOCUMENT_HELD',
    message: 'another line of this order was refused, and half an order is no order',
  },
  changed: {
    code: 'DOCUMENT_CHANGED',
    message: 'this order was imported before with other lines; ledgers are not rewritten',
  },
  taken: {
    code: 'NUMBER_TAKEN',
    message: 'the channel has an order of this number that did not come from here',
  },
  overdiscounted: {
    code: 'DISCOUNT_TOO_LARGE',
    message: 'more is taken off this order than its lines are worth',
  },
}

/** What posting needs to know of the map. */
function settingsOf(map: ImportMap, zone: string) {
  return {
    name: map.source,
    time_zone: zone,
    shift: map.shift?.last_day ?? null,
    complete_after_days: map.complete_after_days ?? 0,
    grades: map.distributor?.grades ?? [],
    channels: map.channels,
    warehouses: map.warehouses,
  }
}
