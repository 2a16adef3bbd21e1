/** A child that ends when we are told to, when npm is, and when npm has gone without telling us. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const PARENT_POLL_MS = 250
const STOP_MS_MAX = 9000

/** Resolves with the exit code: the child's, or 128 + the signal that ended it. */
export function runChild(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const passOn = Object.fromEntries(
      SIGNALS.map((signal) => [signal, () => passSignal(child, signal)]),
    )
    for (const signal of SIGNALS) process.on(signal, passOn[signal])
    const forget = watchParents(() => stopChild(child))
    const settle = () => {
      forget()
      for (const signal of SIGNALS) process.off(signal, passOn[signal])
    }
    child.once('error', (error) => (settle(), reject(error)))
    child.once('exit', (code, signal) => {
      settle()
      resolve(code ?? 128 + signalNumber(signal))
    })
  })
}

function passSignal(child, signal) {
  // A terminal sends Ctrl-C to the whole foreground group: the child has it already.
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  child.kill(signal)
}

function stopChild(child) {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX).unref()
}

/**
 * npm runs us through a shell. SIGTERM to npm alone ends the shell, which passes nothing on; SIGKILL
 * ends npm and leaves the shell waiting for us. Both show as a parent that is not the one we had.
 */
function watchParents(onGone) {
  if (!process.env.npm_lifecycle_event) return () => {}

  const parent = process.ppid
  const isShell = /^(sh|dash|bash|ash|busybox)$/.test(statusOf(parent, 'Name'))
  const grandparent = isShell ? statusOf(parent, 'PPid') : ''
  const timer = setInterval(() => {
    if (process.ppid === parent && (!isShell || statusOf(parent, 'PPid') === grandparent)) return
    clearInterval(timer)
    onGone()
  }, PARENT_POLL_MS)
  return () => clearInterval(timer)
}

function statusOf(pid, field) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    return new RegExp(`^${field}:\\s*(.+)$`, 'm').exec(text)?.[1] ?? ''
  } catch {
    return ''
  }
}

function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1
}
