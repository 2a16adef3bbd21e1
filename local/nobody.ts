/**
 * Postgres refuses to run as root, so as root it runs as nobody, who exists on every Linux. When the
 * checkout lies where nobody may not go (/root, say), a launcher keeps the one right that gets it
 * through, and the server still is not root.
 */
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const NOBODY = { uid: 65534, gid: 65534 }

const OTHERS_EXECUTE = 0o001

type Program = { command: string; args: string[]; uid?: number; gid?: number }

export function asNobody(command: string, args: string[], folder: string): Program {
  if (!isRoot()) return { command, args }
  if (isOpen(command) && isOpen(folder)) return { command, args, ...NOBODY }
  const launcher = join(import.meta.dirname, 'nobody-launcher.ts')
  return { command: process.execPath, args: [launcher, command, ...args] }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whether everybody may enter every folder on the way, and run what is at its end. */
function isOpen(path: string): boolean {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (!isFolder && (statSync(path).mode & OTHERS_EXECUTE) === 0) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & OTHERS_EXECUTE) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
