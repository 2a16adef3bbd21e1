/** Runs a tool to its end and keeps what it said, for a report of several at once. */
import { spawn } from 'node:child_process'
import { root } from '../local/root.ts'

export type Outcome = { code: number; output: string }

/** `args` are for Node: a script's path from the root, then the script's own arguments. */
export function runNode(args: string[], cwd = root): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8').trim() })
    })
  })
}
