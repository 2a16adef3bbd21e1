import { expect, test } from 'vitest'
import type { PromoLink } from '#lib/api/client.ts'
import { joinLinks, linksQuery } from './links.ts'

function link(id: number, code: string, disabled_at: string | null = null): PromoLink {
  const target = { channel_id: 1, channel: 'Web', product_id: null, product: null }
  const created_at = '2026-11-01T00:00:00.000Z'
  return { id, code, name: code, distributor_id: 7, ...target, created_at, disabled_at }
}

test('a link nobody followed has no rate, and one that brought nothing has nought', () => {
  const rows = [
    {
      'conversion_cohort.promo_code': 'BBBBBBB',
      'conversion_cohort.visits': '4',
      'conversion_cohort.paid': '0',
      'conversion_cohort.conversion_rate': '0',
    },
  ]
  const [followed, unseen] = joinLinks([link(1, 'AAAAAAA'), link(2, 'BBBBBBB')], rows)
  expect([followed?.code, followed?.visits, followed?.rate]).toEqual(['BBBBBBB', 4n, '0'])
  expect([unseen?.code, unseen?.visits, unseen?.rate]).toEqual(['AAAAAAA', 0n, null])
})

test('what is put away comes last, however much it brought', () => {
  const rows = [{ 'conversion_cohort.promo_code': 'OLDOLD1', 'conversion_cohort.visits': '900' }]
  const codes = joinLinks([link(1, 'OLDOLD1', '2026-11-02'), link(2, 'NEWNEW1')], rows)
  expect(codes.map(({ code }) => code)).toEqual(['NEWNEW1', 'OLDOLD1'])
})

test('thirty days end with today, on the company’s calendar', () => {
  const query = linksQuery(new Date('2026-11-24T17:00:00Z'), '7', 'Asia/Shanghai')
  expect(query.timeDimensions?.[0]?.dateRange).toEqual([
    '2026-10-27T00:00:00.000',
    '2026-11-25T23:59:59.999',
  ])
})
