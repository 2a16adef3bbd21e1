import type { Queryable } from '../lib/postgres.ts'
import type { FunnelEvents } from './schema.ts'

/** A visit passes each step once, so a repeated report writes nothing. */
export async function insertEvents(sql: Queryable, events: FunnelEvents['events']) {
  const { count } = await sql`
    insert into funnel_event (at, business_day, step, visit_id, channel_id, distributor_id, ancestor_ids,
      promo_code, sku_id)
    select now(), business_day(now()), event.step, event.visit_id, event.channel_id, event.distributor_id,
      coalesce(ancestor_ids(distributor.path), '{}'), event.promo_code, event.sku_id
    from unnest(
      ${events.map((event) => event.step)}::text[],
      ${events.map((event) => event.visit_id)}::text[],
      ${events.map((event) => event.channel_id)}::bigint[],
      ${events.map((event) => event.distributor_id ?? null)}::bigint[],
      ${events.map((event) => event.promo_code ?? null)}::text[],
      ${events.map((event) => event.sku_id ?? null)}::bigint[]
    ) as event (step, visit_id, channel_id, distributor_id, promo_code, sku_id)
    left join distributor on distributor.id = event.distributor_id
    order by event.visit_id, event.step
    on conflict (visit_id, step) do nothing
  `
  return count
}
