/** The web server is the one part that is built: when it is not there, or its sources have changed. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './child.ts'
import { root } from './root.ts'

const SOURCES = [
  'web/src',
  'web/static',
  'web/vite.config.js',
  'web/package.json',
  'web/tsconfig.json',
  'dashboards',
  'semantic/members.ts',
  'package-lock.json',
]

export function isWebBuilt(): boolean {
  return existsSync(join(root, 'web/build/index.js')) && stampOf() === hashOfSources()
}

export async function buildWeb(log: string) {
  // Taken before the build: a file that changes meanwhile is built again next time.
  const hash = hashOfSources()
  await runToEnd('Building the web server', {
    command: process.execPath,
    args: [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    cwd: join(root, 'web'),
    log,
  })
  writeFileSync(stampFile(), hash)
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesOf(join(root, source))) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function filesOf(path: string): string[] {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (!entry) return []
  if (!entry.isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .toSorted()
    .flatMap((name) => filesOf(join(path, name)))
}

function stampFile(): string {
  return join(root, 'web/build/.sources')
}

function stampOf(): string | null {
  try {
    return readFileSync(stampFile(), 'utf8')
  } catch {
    return null
  }
}
