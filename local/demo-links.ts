/** What the demo's sellers hand out: two links each, older than anything that was sold by them. */
import type postgres from 'postgres'

/** By whose promotion, and in which shop. */
const LINKS = [
  { channel: 'web', name: 'Newsletter' },
  { channel: 'mini-program', name: 'Card in the parcel' },
]

/**
 * One link of each kind for each distributor, by his code. The codes are the same in every demo, so the market plans the
 * same past however often a start is interrupted; done twice, it does nothing.
 */
export async function handOutLinks(sql: postgres.Sql, distributors: string[]): Promise<void> {
  await sql`
    insert into promo_link (code, distributor_id, channel_id, name, created_at)
    select upper(left(md5(distributor.code || ' ' || channel.code), 7)), distributor.id, channel.id, kind.name,
      instance.created_at - interval '70 days'
    from instance
    cross join jsonb_to_recordset(${JSON.stringify(LINKS)}::text::jsonb) as kind (channel text, name text)
    join channel on channel.code = kind.channel
    cross join unnest(${distributors}::text[]) with ordinality as wanted (code, place)
    join distributor on distributor.code = wanted.code
    order by place, channel.id
    on conflict (code) do nothing
  `
}
