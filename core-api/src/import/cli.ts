/** `npm run import -- FILE… --map MAP [--instance URL] [--report FILE]`: order history in. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { findTarget, NoInstance } from './config.ts'
import { HeaderError } from './headers.ts'
import { ImportRefused, importHistory, type Progress } from './history.ts'
import { MapError, readMap } from './map.ts'
import { IMPORT_CONNECTIONS } from './posting.ts'
import { openReport } from './report.ts'

const USAGE = 'npm run import -- FILE… --map MAP [--instance URL] [--report FILE]'
const HELP = `usage: ${USAGE}

Reads order history from CSV, JSON lines or Arrow, gzipped or not, as the map says (docs/import.md).
A second run writes nothing; a run that was killed goes on where it was.
Exit code: 0 every line is in; 1 some lines were refused (the report says which and why); 2 wrong usage.`
const PROGRESS_MS = 500
const CONNECT_SECONDS_MAX = 10

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = readArguments(args)
  if (typeof wanted === 'number') return wanted
  const { files, mapFile, instance, report: reportFile } = wanted

  try {
    const map = await readMap(mapFile)
    const target = findTarget(instance)
    for (const file of files) accessSync(file, constants.R_OK)
    const report = await openReport(
      reportFile ?? join(target.dataFolder, 'imports', `${map.source}-${Date.now()}.jsonl`),
    )
    const sql = postgres(target.databaseUrl, {
      max: IMPORT_CONNECTIONS,
      connect_timeout: CONNECT_SECONDS_MAX,
      onnotice: () => {},
      connection: { application_name: 'import' },
    })
    try {
      const outcome = await importHistory(sql, { files, map, report, onProgress: progress() })
      await report.close()
      console.log(JSON.stringify({ import: map.source, ...outcome, report: report.file }))
      return outcome.rejected === 0 ? 0 : 1
    } finally {
      await sql.end({ timeout: 1 })
    }
  } catch (error) {
    return explain(error)
  }
}

function readArguments(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        map: { type: 'string' },
        instance: { type: 'string' },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) {
      console.log(HELP)
      return 0
    }
    if (values.map === undefined || positionals.length === 0) return wrongUsage()
    return { files: positionals, mapFile: values.map, ...values }
  } catch {
    return wrongUsage()
  }
}

function wrongUsage(): number {
  console.error(`usage: ${USAGE}`)
  return 2
}

/** What the caller can mend is one line each; anything else is a fault of ours and keeps its trace. */
function explain(error: unknown): number {
  if (error instanceof MapError) {
    console.error(error.message)
    return 2
  }
  const isExpected =
    error instanceof NoInstance ||
    error instanceof ImportRefused ||
    error instanceof HeaderError ||
    (error instanceof Error && 'code' in error)
  console.error(isExpected ? `import: ${error.message}` : error)
  return 1
}

/** On a terminal one line that moves, elsewhere a plain line now and then. */
function progress(): Progress {
  const isTerminal = process.stderr.isTTY
  let said = 0
  return (step, lines) => {
    const now = Date.now()
    if (now - said < (isTerminal ? PROGRESS_MS : PROGRESS_MS * 10) && step !== 'prepared') return
    said = now
    const text = `import: ${lines.toLocaleString('en')} lines ${step}`
    process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
  }
}
