import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder, withLock } from './lock.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a data folder has one instance at a time', () => {
  const { unlock, wasAbandoned } = lockFolder(folder)
  expect(wasAbandoned).toBe(false)
  expect(() => lockFolder(folder)).toThrow(/already running/)
  unlock()
  lockFolder(folder).unlock()
})

test('a lock whose process has gone is taken over, even when its number was given to another', () => {
  writeFileSync(join(folder, 'lock'), `${process.pid} 1`)
  expect(lockFolder(folder).wasAbandoned).toBe(true)
})

test('work under a lock happens one after the other', async () => {
  const log: string[] = []
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      log.push(`${name} begins`)
      setTimeout(() => {
        log.push(`${name} ends`)
        resolve()
      }, 20)
    })
  const file = join(folder, 'build.lock')
  await Promise.all([withLock(file, work('one')), withLock(file, work('two'))])
  expect(log[1]).toBe(log[0]?.replace('begins', 'ends'))
  expect(log).toHaveLength(4)
})
