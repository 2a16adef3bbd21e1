import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareOf } from './share.ts'

test('what the parts of a purchase cost adds up to the whole, however it arrives', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
      (cost, arrivals) => {
        const quantity = arrivals.reduce((sum, arrived) => sum + arrived, 0)
        let [received_quantity, posted] = [0, 0n]
        for (const arrived of arrivals) {
          const purchase = {
            quantity,
            cost_cents: cost.toString(),
            received_quantity,
            received_cost_cents: posted.toString(),
          }
          const share = BigInt(shareOf(purchase, arrived))
          expect(share).toBeGreaterThanOrEqual(0n)
          received_quantity += arrived
          posted += share
        }
        expect(posted).toBe(cost)
      },
    ),
  )
})
