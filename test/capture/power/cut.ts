/** A power cut for one server: everything it did not force to disk is gone, though the process wrote it. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

export type Power = {
  /** For the server whose files shall be watched. */
  environment: { LD_PRELOAD: string; SYNCED_LIST: string }
  /** Takes what is on disk now as forced: where a machine has stood for long, it is. */
  settle(): void
  /** After the server is dead: leaves of each file what it had when it was last forced. Returns how many lost something. */
  cut(): number
}

/** Null where there is no C compiler. */
export function watchDisk(folder: string, data: string): Power | null {
  const library = join(folder, 'synced.so')
  const source = join(import.meta.dirname, 'synced.c')
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'])
  if (built.status !== 0) return null
  const list = join(folder, 'synced.list')
  const lengths = new Map<number, number>()

  return {
    environment: { LD_PRELOAD: library, SYNCED_LIST: list },
    settle() {
      for (const file of filesOf(data)) {
        const { ino, size } = statSync(file)
        lengths.set(ino, size)
      }
    },
    cut() {
      for (const line of readFileSync(list, 'utf8').split('\n')) {
        const [ino, size] = line.split(' ').map(Number)
        if (ino !== undefined && size !== undefined) lengths.set(ino, size)
      }
      let cut = 0
      for (const file of filesOf(data)) {
        const { ino, size } = statSync(file)
        const forced = lengths.get(ino) ?? 0
        if (forced >= size) continue
        truncateSync(file, forced)
        cut += 1
      }
      return cut
    },
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
