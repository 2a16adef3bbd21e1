/** Every line of what stands in a state, as a file: the same lines as on screen, all of them. */
import type { CommissionState, Explanation } from '#lib/api/client.ts'
import type { Messages } from '#lib/i18n/index.ts'
import { wallOf } from '#lib/moment.ts'
import { toCsv } from '#lib/tiles/csv.ts'
import { bodyOf, core, patience } from './core.ts'

const PAGE = 500
/** Twenty thousand lines: a sheet still opens them, and core-api is not asked for ever. */
const PAGES_MAX = 40

type Line = Explanation['items'][number]
type Setting = { minor_digits: number; time_zone: string }

export async function commissionCsv(
  session: string,
  state: CommissionState,
  t: Messages,
  setting: Setting,
): Promise<string> {
  const lines: Line[] = []
  let after: number | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await core(session).GET('/commissions/explanation', {
      params: { query: { state, limit: PAGE, after } },
      signal: patience(),
    })
    const { items, next } = bodyOf(answer)
    lines.push(...items)
    if (next === null) break
    after = next
  }
  const columns = Object.entries(t.portal.why.columns).map(([key, title]) => ({ key, title }))
  return toCsv({ columns, rows: lines.map((line) => cellsOf(line, t, setting)) })
}

/** In the order of the words of the columns. */
function cellsOf(line: Line, t: Messages, { minor_digits, time_zone }: Setting): string[] {
  const moment = (at: string) => {
    const { day, clock } = wallOf(new Date(at), time_zone)
    return `${day} ${clock}`
  }
  return [
    line.order_no,
    moment(line.placed_at),
    line.sku,
    line.sku_name,
    t.portal.why.level_short[line.level === 1 ? 1 : 2],
    plain(line.base_cents, minor_digits),
    `${plain(String(line.rate_bps), 2)}%`,
    plain(line.amount_cents, minor_digits),
    line.rule === null ? '' : String(line.rule.id),
    line.path.map(({ name }) => name).join(' ← '),
    line.release_at === null ? '' : moment(line.release_at),
  ]
}

/** Digits alone, as a sheet reads them; exact at any size. */
function plain(units: string, digits: number): string {
  const [, sign = '', whole = ''] = /^(-?)(\d+)$/.exec(units) ?? []
  if (digits === 0) return sign + whole
  const padded = whole.padStart(digits + 1, '0')
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}
