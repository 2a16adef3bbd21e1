/** Reads a map, the file that says which column of somebody's export is what, and says what is wrong with it. */
import { readFile } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { ImportMap } from './map-schema.ts'

export class MapError extends Error {
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'MapError'
  }
}

export async function readMap(file: string): Promise<ImportMap> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new MapError([`${file}: ${error instanceof Error ? error.message : String(error)}`])
  })
  return parseMap(text, file)
}

export function parseMap(text: string, file: string): ImportMap {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw new MapError([
      `${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`,
    ])
  }
  if (!Value.Check(ImportMap, content)) throw new MapError(problemsOf(content, file))
  const problems = patternProblems(content)
  if (problems.length > 0) throw new MapError(problems.map((problem) => `${file}: ${problem}`))
  return content
}

/** The deepest complaints only: a union complains of every variant, and the shallow ones mislead. */
function problemsOf(content: unknown, file: string): string[] {
  const errors = [...Value.Errors(ImportMap, content)]
  const said = new Map<string, string>()
  for (const { instancePath, message, params } of errors) {
    const extra =
      'additionalProperties' in params ? ` (${String(params.additionalProperties)})` : ''
    const isShallow = errors.some(
      (other) => other !== undefined && other.instancePath.startsWith(`${instancePath}/`),
    )
    if (!isShallow && !said.has(instancePath)) said.set(instancePath, `${message}${extra}`)
  }
  return [...said].map(([path, message]) => `${file}: ${path || '/'} ${message}`)
}

function patternProblems(map: ImportMap): string[] {
  const patterns = (map.rules ?? []).flatMap(({ when }, index) => [
    [`/rules/${index}/when/document`, when.document],
    [`/rules/${index}/when/sku`, when.sku],
    [`/rules/${index}/when/matches`, when.matches],
  ])
  patterns.push(['/headers/file', map.headers?.file])
  return patterns.flatMap(([path, pattern]) => {
    try {
      if (pattern !== undefined) new RegExp(pattern)
      return []
    } catch (error) {
      return [`${path} ${error instanceof Error ? error.message : 'is no pattern'}`]
    }
  })
}
