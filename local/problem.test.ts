import { expect, test } from 'vitest'
import { explain } from './problem.ts'

test('a missing system library is named with the package that has it', () => {
  const said =
    'postgres: error while loading shared libraries: libxml2.so.2: cannot open shared object file: No such file or directory'
  expect(explain(said)).toBe(
    'The system library libxml2.so.2 is missing: apt-get install libxml2 (Debian and Ubuntu), then start again.',
  )
})

test('a library that no package of ours is known for is still named', () => {
  expect(explain('Error: libfoo.so.3: cannot open shared object file')).toContain('libfoo.so.3')
})

test('a full disk is called one, whoever met it', () => {
  const voices = [
    'PANIC: could not write to file "pg_wal/xlogtemp.1": No space left on device',
    "ENOSPC: no space left on device, write '/data/log/web.log'",
    'DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)',
  ]
  for (const voice of voices) expect(explain(voice)).toContain('The disk is full')
})

test('what nobody can do anything about keeps its own words', () => {
  expect(explain('TypeError: x is not a function')).toBeNull()
})
