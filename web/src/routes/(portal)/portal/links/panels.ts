import type { Panel, Panels } from '#lib/board.svelte.ts'
import { linksQuery } from '#lib/portal/links.ts'

export function linkPanels({
  distributor_id,
  time_zone,
}: {
  distributor_id: string
  time_zone: string
}) {
  return {
    links: {
      topics: ['funnel'],
      queries: (now) => [linksQuery(now, distributor_id, time_zone)],
    },
  } satisfies Panels & Record<string, Panel>
}
