/** Steps of visits, told to the API once a second, many at a time, as a shop's tracker does. */
import type { Api } from './api.ts'
import type { Schedule } from './schedule.ts'

export type Step = {
  step: 'visit' | 'view' | 'cart'
  visit_id: string
  channel_id: number
  distributor_id: number | null
  promo_code: string | null
  sku_id: number | null
}

export const TELL_MS = 1_000
const STEPS_PER_CALL = 500
const STEPS_WAITING_MAX = 20_000

/** Returns how to tell a step; what finds no room is dropped, as a tracker's would be. */
export function openFunnel(api: Api, schedule: Schedule): (step: Step) => void {
  const waiting: Step[] = []
  schedule.later(TELL_MS, tell)
  return (step) => {
    if (waiting.length < STEPS_WAITING_MAX) waiting.push(step)
  }

  async function tell(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const events = waiting.splice(0, STEPS_PER_CALL)
        const { status, body } = await api.post('/funnel-events', { events })
        if (status !== 202)
          throw new Error(`POST /funnel-events: ${status} ${JSON.stringify(body)}`)
      }
    } finally {
      schedule.later(TELL_MS, tell)
    }
  }
}
