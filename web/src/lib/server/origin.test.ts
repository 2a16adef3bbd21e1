import { expect, test } from 'vitest'
import { isForeignWrite } from './origin.ts'

function request(method: string, headers: Record<string, string>) {
  return new Request('https://127.0.0.1:3000/logout', { method, headers })
}

test('a form of this site may write, under whichever name the machine was reached', () => {
  const headers = { host: 'localhost:3000', origin: 'http://localhost:3000' }
  expect(isForeignWrite(request('POST', headers))).toBe(false)
})

test('a page of another site may not write, nor may one that hides where it is from', () => {
  const host = 'localhost:3000'
  expect(isForeignWrite(request('POST', { host, origin: 'https://evil.example' }))).toBe(true)
  expect(isForeignWrite(request('POST', { host, origin: 'http://localhost:4000' }))).toBe(true)
  expect(isForeignWrite(request('POST', { host, origin: 'null' }))).toBe(true)
  expect(isForeignWrite(request('POST', { host }))).toBe(true)
})

test('reading is not checked', () => {
  expect(isForeignWrite(request('GET', { origin: 'https://evil.example' }))).toBe(false)
})
