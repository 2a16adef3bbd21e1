/**
 * The web server is the one part that is built. A build is kept under the hash of its sources, so it
 * is made once, and a server that runs keeps the files it was started with.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './child.ts'
import { withLock } from './lock.ts'
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
const BUILDS_KEPT_MAX = 5
const HASH_LENGTH = 16

const folder = join(root, '.cache', 'web')

/** Where the server of these sources is, or will be once it is built. */
export function webBuild(): { file: string; isBuilt: boolean } {
  const file = join(folder, hashOfSources(), 'index.js')
  return { file, isBuilt: existsSync(file) }
}

export async function buildWeb(log: string): Promise<string> {
  return withLock(join(root, '.cache', 'web.lock'), async () => {
    // Taken before the build: a file that changes meanwhile is built again next time.
    const hash = hashOfSources()
    const target = join(folder, hash)
    if (!existsSync(target)) {
      await runToEnd('Building the web server', {
        command: process.execPath,
        args: [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
        cwd: join(root, 'web'),
        log,
      })
      keep(target)
    }
    return join(target, 'index.js')
  })
}

function keep(target: string) {
  const draft = `${target}.new`
  rmSync(draft, { recursive: true, force: true })
  cpSync(join(root, 'web/build'), draft, { recursive: true })
  writeFileSync(join(draft, 'package.json'), '{"type":"module"}')
  mkdirSync(folder, { recursive: true })
  renameSync(draft, target)
  const builds = readdirSync(folder)
    .map((name) => join(folder, name))
    .toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
  for (const old of builds.slice(BUILDS_KEPT_MAX)) rmSync(old, { recursive: true, force: true })
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesOf(join(root, source))) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, HASH_LENGTH)
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
