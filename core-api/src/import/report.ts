/** One JSON line per refused line: where it is, which field, a stable code, and words. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { finished } from 'node:stream/promises'
import type { LineProblem } from './staged.ts'
import { writeAll } from './stage.ts'

export type ReportedLine = LineProblem & { file: string; line: number; document: string | null }
export type Report = {
  file: string
  write(line: ReportedLine): Promise<void>
  close(): Promise<void>
}

export async function openReport(file: string): Promise<Report> {
  await mkdir(dirname(file), { recursive: true })
  const stream = createWriteStream(file)
  return {
    file,
    write: ({ file: source, line, document, field, code, message }) =>
      writeAll(
        stream,
        `${JSON.stringify({ file: source, line, document, field, code, message })}\n`,
      ),
    async close() {
      stream.end()
      await finished(stream)
    },
  }
}
