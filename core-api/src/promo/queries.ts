import type { Queryable } from '../lib/postgres.ts'
import type { PageQuery } from '../lib/schema.ts'
import type { ChannelShop, OpenLink, PromoLink } from './schema.ts'

/** In order of id; null means everybody's. */
export async function listLinks(
  sql: Queryable,
  { distributorId, after, limit }: PageQuery & { distributorId: number | null },
) {
  return sql<PromoLink[]>`
    select link.id, link.code, link.name, link.distributor_id, link.channel_id, channel.name as channel,
      link.product_id, product.name as product, link.created_at, link.disabled_at
    from promo_link as link
    join channel on channel.id = link.channel_id
    left join product on product.id = link.product_id
    where link.id > ${after}
      and (${distributorId}::bigint is null or link.distributor_id = ${distributorId}::bigint)
    order by link.id
    limit ${limit}
  `
}

export async function findLink(sql: Queryable, id: number) {
  const [row] = await sql<[PromoLink?]>`
    select link.id, link.code, link.name, link.distributor_id, link.channel_id, channel.name as channel,
      link.product_id, product.name as product, link.created_at, link.disabled_at
    from promo_link as link
    join channel on channel.id = link.channel_id
    left join product on product.id = link.product_id
    where link.id = ${id}
  `
  return row
}

/** Locks the distributor, so that two at once do not both take the last place; undefined: there is none such. */
export async function countOpenLinks(sql: Queryable, distributorId: number) {
  const [row] = await sql<[{ status: string; open: number }?]>`
    select status, (
        select count(*)::integer
        from promo_link
        where promo_link.distributor_id = distributor.id and disabled_at is null
      ) as open
    from distributor
    where id = ${distributorId}
    for update
  `
  return row
}

export async function insertLink(
  sql: Queryable,
  link: {
    code: string
    distributor_id: number
    channel_id: number
    product_id: number | null
    name: string
  },
) {
  const [row] = await sql<[{ id: number }?]>`
    insert into promo_link (code, distributor_id, channel_id, product_id, name)
    values (${link.code}, ${link.distributor_id}, ${link.channel_id}, ${link.product_id}, ${link.name})
    on conflict (code) do nothing
    returning id
  `
  return row?.id
}

/** Disabling twice keeps the first time. */
export async function disableLink(sql: Queryable, id: number, isDisabled: boolean) {
  await sql`
    update promo_link
    set disabled_at = case when ${isDisabled} then coalesce(disabled_at, now()) end
    where id = ${id}
  `
}

/** A link that was disabled, or whose distributor is not active, is as good as none. */
export async function findOpenLink(sql: Queryable, code: string) {
  const [row] = await sql<[OpenLink?]>`
    select link.code, link.distributor_id, distributor.name as distributor, link.channel_id,
      channel.name as channel, product.code as product_code, channel_shop.url as shop_url
    from promo_link as link
    join distributor on distributor.id = link.distributor_id and distributor.status = 'active'
    join channel on channel.id = link.channel_id
    left join product on product.id = link.product_id
    left join channel_shop on channel_shop.channel_id = link.channel_id
    where link.code = ${code} and link.disabled_at is null
  `
  return row
}

export async function listShops(sql: Queryable) {
  return sql<ChannelShop[]>`
    select channel.id, channel.name as channel, channel_shop.url
    from channel
    left join channel_shop on channel_shop.channel_id = channel.id
    order by channel.id
  `
}

export async function findShop(sql: Queryable, channelId: number) {
  const [row] = await sql<[ChannelShop?]>`
    select channel.id, channel.name as channel, channel_shop.url
    from channel
    left join channel_shop on channel_shop.channel_id = channel.id
    where channel.id = ${channelId}
  `
  return row
}

export async function upsertShop(sql: Queryable, channelId: number, url: string) {
  await sql`
    insert into channel_shop (channel_id, url)
    values (${channelId}, ${url})
    on conflict (channel_id) do update set url = excluded.url, changed_at = now()
  `
}
