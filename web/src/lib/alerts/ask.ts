/** Reads what a tab needs, in the browser and for the first paint alike. */
import type { openApi } from '#lib/api/client.ts'
import type { Desk, Tab } from './types.ts'

const PATIENCE_MS = 10_000

export type Core = ReturnType<typeof openApi>

/** The open alerts are always read: the tabs show how many there are. */
export async function askDesk(core: Core, tab: Tab, selected: number | null): Promise<Desk> {
  const [list, done, transfers, purchases, detail] = await Promise.all([
    core.GET('/alerts', { signal: patience() }),
    tab === 'done'
      ? core.GET('/alerts', { params: { query: { state: 'done' } }, signal: patience() })
      : null,
    tab === 'documents' ? core.GET('/transfers', { signal: patience() }) : null,
    tab === 'documents' ? core.GET('/purchase-requests', { signal: patience() }) : null,
    selected === null
      ? null
      : core.GET('/alerts/{id}', { params: { path: { id: selected } }, signal: patience() }),
  ])
  return {
    list: list.data ?? null,
    done: done?.data?.items ?? null,
    transfers: transfers?.data?.items ?? null,
    purchases: purchases?.data?.items ?? null,
    detail: detail?.data ?? null,
  }
}

function patience() {
  return AbortSignal.timeout(PATIENCE_MS)
}
