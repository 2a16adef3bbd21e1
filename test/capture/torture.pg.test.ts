import { expect, test } from 'vitest'
import { torture } from './torture.ts'

const KILLS = 20
const SEED = 20_261_125
const MS_MAX = 600_000

test(
  `killed ${KILLS} times at points with names: nothing lost, nothing doubled, not a cent off (seed ${SEED})`,
  async () => {
    const result = await torture({ kills: KILLS, seed: SEED, withStranger: false })
    expect(result).toMatchObject({
      lost: 0,
      doubled: 0,
      cents_off: '0',
      invariants: { rows: 0, sums: 0, acknowledged_but_absent: 0 },
    })
    expect(result.kills).toBeGreaterThanOrEqual(KILLS)
    expect(result.operations).toBeGreaterThan(100)
  },
  MS_MAX,
)
