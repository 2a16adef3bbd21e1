/** Keeps a part running: when it goes down without being told to, it is started again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from './child.ts'

export type Supervisor = ReturnType<typeof createSupervisor>

const BACKOFF_MS_MIN = 250
const BACKOFF_MS_MAX = 15_000
/** A part that ran this long is well again, so its next failure starts at the shortest wait. */
const WELL_AFTER_MS = 60_000

export function createSupervisor(report: (line: string) => void) {
  let isStopping = false

  return {
    /** The first start must succeed; after that the part is brought back for as long as we run. */
    async keep<Part extends Engine>(name: string, start: () => Promise<Part>): Promise<Part> {
      const part = await start()
      void watch(name, start, part)
      return part
    },
    stop() {
      isStopping = true
    },
  }

  async function watch(name: string, start: () => Promise<Engine>, first: Engine) {
    let part: Engine | null = first
    for (let failures = 0; ; failures++) {
      const since = Date.now()
      const code = part ? await part.exited : null
      if (isStopping) return
      if (Date.now() - since > WELL_AFTER_MS) failures = 0
      const wait = Math.min(BACKOFF_MS_MIN * 2 ** failures, BACKOFF_MS_MAX)
      report(`${name} went down (${code ?? 'killed'}); starting it again in ${wait} ms`)
      await sleep(wait)
      if (isStopping) return
      part = await start().catch((error: unknown) => {
        report(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`)
        return null
      })
      if (part) report(`${name} is running again`)
    }
  }
}
