import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './password.ts'

test('the right password opens, another does not', async () => {
  const hash = await hashPassword('correct horse')
  expect(await isPassword('correct horse', hash)).toBe(true)
  expect(await isPassword('correct horsf', hash)).toBe(false)
})

test('two hashes of one password differ, and name their own parameters', async () => {
  const [one, two] = await Promise.all([hashPassword('same'), hashPassword('same')])
  expect(one).not.toBe(two)
  expect(one).toMatch(/^scrypt\$32768\$8\$1\$/)
})

test('a letter typed in another Unicode form is the same password', async () => {
  expect(await isPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true)
})

test('a hash of no kind we know opens to nothing', async () => {
  expect(await isPassword('', 'none')).toBe(false)
  expect(await isPassword('none', '')).toBe(false)
})
