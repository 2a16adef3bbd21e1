import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

const versions: Record<string, string> = {}

export function noteVersion(engine: string, version: string) {
  versions[engine] = version
}

/** What the figures were measured on; the load says whether anyone else was working on it. */
export function machine() {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_bytes: totalmem(),
    load_1m: Number((loadavg()[0] ?? 0).toFixed(2)),
    node: process.version,
    ...versions,
  }
}
