/** One instance per data folder: two servers on the same files would destroy them. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from './problem.ts'

const WAIT_POLL_MS = 250
/** As the kernel writes it. */
const ZOMBIE = 'Z'

/** Returns whether somebody else left the folder without tidying up, so his children may still be going. */
export function lockFolder(folder: string): { wasAbandoned: boolean; unlock: () => void } {
  const file = join(folder, 'lock')
  const wasAbandoned = releaseDead(file)
  if (!take(file)) throw taken(folder)
  return { wasAbandoned, unlock: () => rmSync(file, { force: true }) }
}

/** One at a time in this checkout; the others wait for their turn. */
export async function withLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(file), { recursive: true })
  for (;;) {
    releaseDead(file)
    if (take(file)) break
    await sleep(WAIT_POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** Linked into place, so that nobody ever reads a lock that does not say yet whose it is. */
function take(file: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function releaseDead(file: string): boolean {
  const holder = holderOf(file)
  if (holder === null) return false
  if (holder.start === startOf(holder.pid) && holder.start !== '') return false
  rmSync(file, { force: true })
  return true
}

/** The process that has the folder, if it is still the one that took it: a pid alone comes again. */
function holderOf(file: string): { pid: number; start: string } | null {
  try {
    const [pid = '', start = ''] = readFileSync(file, 'utf8').split(' ')
    return { pid: Number(pid), start }
  } catch {
    return null
  }
}

function taken(folder: string): Problem {
  const pid = holderOf(join(folder, 'lock'))?.pid
  const hint = 'Stop it first, or set DATA_DIR and PORT_BASE to run a second one beside it.'
  return new Problem(`Tributary is already running on ${folder} (process ${pid}). ${hint}`)
}

/**
 * When the process began, in the kernel's ticks: field 22, counted after the name in brackets. One that is dead
 * and only waits for its parent to notice is none.
 */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return state === ZOMBIE ? '' : (rest[18] ?? '')
  } catch {
    return ''
  }
}
