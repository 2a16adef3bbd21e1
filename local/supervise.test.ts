import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Engine, startChild } from './child.ts'
import { createSupervisor } from './supervise.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-supervise-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a part that falls is started again, later each time, and told of', async () => {
  const lines: string[] = []
  const started: Engine[] = []
  const supervisor = createSupervisor((line) => lines.push(line))
  await supervisor.keep('sleeper', async () => {
    const child = await startChild({ command: 'sleep', args: ['60'], log: join(folder, 'log') })
    started.push(child)
    return child
  })
  for (const count of [1, 2, 3]) {
    await expect.poll(() => started.length, { timeout: 5_000 }).toBe(count)
    if (count < 3) await started.at(-1)?.kill()
  }
  supervisor.stop()
  await started.at(-1)?.stop()

  const waits = lines.flatMap((line) => /again in (\d+) ms/.exec(line)?.[1] ?? [])
  expect(waits).toEqual(['250', '500'])
})

test('a first start that fails is reported and not tried again', async () => {
  const supervisor = createSupervisor(() => {})
  const start = () => Promise.reject(new Error('no such file'))
  await expect(supervisor.keep('nothing', start)).rejects.toThrow('no such file')
})
