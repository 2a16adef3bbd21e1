/** What a start is doing: one line that moves on a terminal, one line per step elsewhere. */

export type Progress = ReturnType<typeof createProgress>

const REDRAW_MS = 200
const REMIND_MS = 10_000

export function createProgress({ isVerbose }: { isVerbose: boolean }) {
  const isTty = process.stdout.isTTY === true
  const open = new Map<string, number>()
  const timer = setInterval(isTty ? draw : remind, isTty ? REDRAW_MS : REMIND_MS)
  timer.unref()

  return { step, say, close }

  async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const started = Date.now()
    open.set(name, started)
    try {
      const result = await work()
      if (isTty || isVerbose) say(`  ✓ ${name} ${seconds(started)}`)
      return result
    } finally {
      open.delete(name)
    }
  }

  function say(line: string) {
    clear()
    process.stdout.write(`${line}\n`)
  }

  function close() {
    clearInterval(timer)
    clear()
  }

  function draw() {
    if (open.size === 0) return
    clear()
    const parts = [...open].map(([name, started]) => `${name} ${seconds(started)}`)
    process.stdout.write(`  … ${parts.join(' · ')}`.slice(0, (process.stdout.columns ?? 80) - 1))
  }

  function remind() {
    for (const [name, started] of open) process.stdout.write(`  ${name}: ${seconds(started)}\n`)
  }

  function clear() {
    if (isTty) process.stdout.write('\r\u001b[2K')
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
