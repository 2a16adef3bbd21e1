import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runToEnd, startChild } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-child-'))

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a child ends when the process that started it is killed', async () => {
  const program = `
    import { startChild } from '${join(import.meta.dirname, 'child.ts')}'
    const child = await startChild({ command: 'sleep', args: ['60'], log: '${join(folder, 'log')}' })
    console.log(child.pid)
    setInterval(() => {}, 1000)
  `
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (data: Buffer) => resolve(Number(data.toString())))
  })
  expect(isAlive(pid)).toBe(true)

  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 3_000 }).toBe(false)
})

test('stop tells a child to end and waits until it has', async () => {
  const child = await startChild({ command: 'sleep', args: ['60'], log: join(folder, 'log') })
  await child.stop()
  expect(isAlive(child.pid)).toBe(false)
})

test('a command that fails says what it said itself', async () => {
  const command = { command: '/bin/sh', args: ['-c', 'echo no room; exit 3'] }
  await expect(runToEnd('Packing', { ...command, log: join(folder, 'log') })).rejects.toThrow(
    /Packing failed:\nno room/,
  )
})

/** A zombie waiting for its new parent to notice has ended too. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
