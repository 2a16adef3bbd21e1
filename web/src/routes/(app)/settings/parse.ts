import type { RuleChange } from '#lib/api/client.ts'

/** What stood in the fields, to be shown again; and what it means, or the field that means nothing. */
export type Said = Record<string, string>
export type Parsed = { change: RuleChange } | { wrong: string }

const MINUTES_PER_HOUR = 60

/** A rule as its form sends it. An unticked box is not sent at all, an empty number means none. */
export function parseRule(said: Said): Parsed {
  const common = {
    is_on: said['is_on'] !== undefined,
    assignee_id: said['assignee_id'] ? Number(said['assignee_id']) : null,
  }
  switch (said['kind']) {
    case 'stock':
      return whole(
        said,
        ['critical_percent', 'soon_percent', 'watch_percent', 'rearm_percent'],
        ([critical_percent, soon_percent, watch_percent, rearm_percent]) => {
          const cover = said['cover_days'] ? Number(said['cover_days']) : null
          if (cover !== null && !Number.isInteger(cover)) return { wrong: 'cover_days' }
          return {
            change: {
              kind: 'stock',
              ...common,
              critical_percent,
              soon_percent,
              watch_percent,
              rearm_percent,
              cover_days: cover,
            },
          }
        },
      )
    case 'surge':
      return whole(
        said,
        ['rise_percent', 'pieces_min', 'rearm_percent'],
        ([rise_percent, pieces_min, rearm_percent]) => ({
          change: { kind: 'surge', ...common, rise_percent, pieces_min, rearm_percent },
        }),
      )
    case 'order_stuck': {
      const minutes = Math.round(Number(said['hours'] || Number.NaN) * MINUTES_PER_HOUR)
      if (!Number.isInteger(minutes)) return { wrong: 'minutes' }
      return { change: { kind: 'order_stuck', ...common, minutes } }
    }
    case 'order_unpaid':
      return whole(said, ['minutes'], ([minutes]) => ({
        change: { kind: 'order_unpaid', ...common, minutes },
      }))
    default:
      return { wrong: 'kind' }
  }
}

/** The named fields as whole numbers, or the first that is none. */
function whole(said: Said, names: string[], make: (numbers: number[]) => Parsed): Parsed {
  const numbers = names.map((name) => Number(said[name] || Number.NaN))
  const wrong = names.find((_, index) => !Number.isInteger(numbers[index]))
  return wrong === undefined ? make(numbers) : { wrong }
}

/** Every text of a form; files are none. */
export function textsOf(form: FormData, letters_max: number): Said {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.trim().slice(0, letters_max)]] : [],
    ),
  )
}
