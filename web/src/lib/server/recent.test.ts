import { expect, test } from 'vitest'
import type { Results } from '#lib/board.svelte.ts'
import { createRecent } from './recent.ts'

const EXECUTIVE = { role: 'executive', distributor_id: null } as const
const NOON = new Date(Math.ceil(Date.now() / 900_000) * 900_000)

function pageOf(value: string, ok = true): { results: Results } {
  const cost = { ms: 1, cached: false }
  const problem = { title: 'Down', status: 503, code: 'DOWN' }
  return {
    results: {
      sales: [
        ok
          ? { ok: true, answer: { rows: [{ value }], watermark: null, cost } }
          : { ok: false, problem },
      ],
    },
  }
}

test('the same page is asked once for readers with the same rights', async () => {
  const recently = createRecent()
  const asked = { user: EXECUTIVE, view: '/today', now: NOON }
  const first = await recently(asked, async () => pageOf('1'))
  expect(await recently(asked, async () => pageOf('2'))).toBe(first)
})

test('other rights, another page and the next quarter of an hour are questions of their own', async () => {
  const recently = createRecent()
  await recently({ user: EXECUTIVE, view: '/today', now: NOON }, async () => pageOf('1'))
  for (const asked of [
    { user: { role: 'distributor', distributor_id: 7 } as const, view: '/today', now: NOON },
    { user: { role: 'analyst', distributor_id: null } as const, view: '/today', now: NOON },
    { user: EXECUTIVE, view: '/today?period=28d', now: NOON },
    { user: EXECUTIVE, view: '/today', now: new Date(NOON.getTime() + 900_000) },
  ]) {
    const fresh = pageOf('fresh')
    expect(await recently(asked, async () => fresh)).toBe(fresh)
  }
})

test('what failed is asked again by whoever comes next', async () => {
  const recently = createRecent()
  const asked = { user: EXECUTIVE, view: '/today', now: NOON }
  await recently(asked, async () => pageOf('', false))
  const fresh = pageOf('fresh')
  expect(await recently(asked, async () => fresh)).toBe(fresh)
})
