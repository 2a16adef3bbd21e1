/**
 * A process that cannot outlive us. Beside each child waits a shell that reads a pipe only we hold:
 * when we die, however we die, the pipe ends and the shell stops the child.
 */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from './problem.ts'

export type Engine = {
  pid: number
  stop(): Promise<void>
  kill(): Promise<void>
  exited: Promise<number | null>
}

export type ChildOptions = {
  command: string
  args: string[]
  log: string
  cwd?: string
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
  stopSignal?: 'SIGTERM' | 'SIGINT'
  /** Engines stop last, when nobody talks to them any more. */
  isEngine?: boolean
}

const STOP_MS_MAX = 3_500
const LOG_BYTES_MAX = 16 * 1024 * 1024
const LOG_TAIL_BYTES = 2_000
const GUARD = 'read -r line; kill -s "$1" "$2"; sleep 4; kill -s KILL "$2"'

const running = new Map<Engine, boolean>()
let isStopping = false

export function startChild(options: ChildOptions): Promise<Engine> {
  if (isStopping) throw new Problem('Stopping, so nothing new is started.')

  const stopSignal = options.stopSignal ?? 'SIGTERM'
  const log = openLog(options.log)
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    // Its own session: Ctrl-C reaches us alone, and we stop the parts in their order.
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)

  const { promise: started, resolve, reject } = Promise.withResolvers<Engine>()
  const exit = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('spawn', () => {
    const { pid } = child
    if (pid === undefined) return reject(new Error(`${options.command} has no process id`))
    const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', stopSignal.slice(3), String(pid)], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    guard.once('error', reject)
    const engine = { pid, stop, kill, exited: exit.promise }
    running.set(engine, options.isEngine ?? false)
    child.once('exit', (code) => {
      guard.kill('SIGKILL')
      running.delete(engine)
      exit.resolve(code)
    })
    resolve(engine)
  })
  return started

  async function stop() {
    child.kill(stopSignal)
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await exit.promise
    clearTimeout(limit)
  }

  async function kill() {
    child.kill('SIGKILL')
    await exit.promise
  }
}

/** Stops everything we started, finished starting or not; nothing can be started after it. */
export async function stopChildren() {
  isStopping = true
  const engines = [...running].filter(([, isEngine]) => isEngine)
  const others = [...running].filter(([, isEngine]) => !isEngine)
  await Promise.all(others.map(([child]) => child.stop()))
  await Promise.all(engines.map(([child]) => child.stop()))
}

/** A child that is expected to finish; its log says why when it fails. */
export async function runToEnd(what: string, options: ChildOptions) {
  const child = await startChild(options)
  const code = await child.exited
  if (code !== 0) throw new Error(`${what} failed:\n${tailOf(options.log)}`)
}

/** What a part said last: the reason, when it did not start. */
export function tailOf(log: string): string {
  try {
    return readFileSync(log, 'utf8').slice(-LOG_TAIL_BYTES)
  } catch {
    return ''
  }
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES_MAX) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
