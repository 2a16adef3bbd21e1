import { randomInt } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { recordEvents } from '../funnel/service.ts'
import { recordAudit } from '../lib/audit.ts'
import { once } from '../lib/idempotency.ts'
import type { Queryable, Sql } from '../lib/postgres.ts'
import { forbidden, invalid, notFound, Refusal, unknownReference } from '../lib/refusal.ts'
import { type User, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import {
  ChannelShop,
  type NewPromoLink,
  type OpenLink,
  PromoLink,
  type PromoLinkChange,
  type PromoVisit,
} from './schema.ts'

const CODE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 32^7 codes: with a thousand links, a guess finds one in thirty million tries. */
const CODE_LENGTH = 7
const CODE_TRIES_MAX = 5
const OPEN_LINKS_MAX = 100

export async function addLink(sql: Sql, request: FastifyRequest, wanted: NewPromoLink) {
  const user = userOf(request)
  const distributorId = ownerOf(user, wanted.distributor_id ?? null)
  return once(sql, request, PromoLink, async (transaction) => {
    const owner = await queries.countOpenLinks(transaction, distributorId)
    if (owner === undefined) {
      throw unknownReference([{ field: 'distributor_id', message: 'does not exist' }])
    }
    if (owner.status !== 'active') throw forbidden('This distributorship is not active')
    if (owner.open >= OPEN_LINKS_MAX) {
      throw new Refusal(
        409,
        'TOO_MANY_LINKS',
        'There are too many links',
        `A distributor has at most ${OPEN_LINKS_MAX} links in use; disable one first`,
      )
    }
    const id = await insertWithNewCode(transaction, { ...wanted, distributor_id: distributorId })
    const link = await getLink(transaction, user, id)
    await recordAudit(transaction, user, {
      ...subjectOf(link),
      action: 'promo_link.created',
      after: link,
    })
    return link
  })
}

export async function changeLink(
  sql: Sql,
  request: FastifyRequest,
  id: number,
  { is_disabled }: PromoLinkChange,
) {
  const user = userOf(request)
  return once(sql, request, PromoLink, async (transaction) => {
    const before = await getLink(transaction, user, id)
    await queries.disableLink(transaction, id, is_disabled)
    const after = await getLink(transaction, user, id)
    if ((before.disabled_at === null) !== (after.disabled_at === null)) {
      const action = is_disabled ? 'promo_link.disabled' : 'promo_link.enabled'
      await recordAudit(transaction, user, { ...subjectOf(after), action, before, after })
    }
    return after
  })
}

export async function changeShop(
  sql: Sql,
  request: FastifyRequest,
  channelId: number,
  url: string,
) {
  if (!URL.canParse(url)) throw invalid('url', 'is not an address')
  const user = userOf(request)
  return once(sql, request, ChannelShop, async (transaction) => {
    const before = await getShop(transaction, channelId)
    await queries.upsertShop(transaction, channelId, url)
    const after = await getShop(transaction, channelId)
    await recordAudit(transaction, user, {
      action: 'channel.shop_changed',
      subject_kind: 'channel',
      subject_id: channelId,
      before,
      after,
    })
    return after
  })
}

/** Somebody followed a link: the visit is told to the funnel, once, and he is told where to go on. */
export async function visitLink(sql: Sql, { code, visit_id }: PromoVisit) {
  const link = await queries.findOpenLink(sql, code.toUpperCase())
  if (link === undefined) throw notFound('link')

  const { channel_id, distributor_id } = link
  await recordEvents(sql, [
    { step: 'visit', visit_id, channel_id, distributor_id, promo_code: link.code },
  ])
  const { distributor, channel } = link
  return { code: link.code, distributor, channel, url: targetOf(link, visit_id) }
}

/** Only ever the shop that staff have set for the channel: nothing of the request chooses the host. */
export function targetOf(
  { code, product_code, shop_url }: Pick<OpenLink, 'code' | 'product_code' | 'shop_url'>,
  visitId: string,
): string | null {
  if (shop_url === null) return null
  const url = new URL(shop_url)
  if (product_code !== null) url.searchParams.set('product', product_code)
  url.searchParams.set('promo', code)
  url.searchParams.set('visit', visitId)
  return url.href
}

function ownerOf(user: User, wanted: number | null): number {
  if (user.role !== 'distributor') {
    if (wanted === null) throw invalid('distributor_id', 'says whose link it is')
    return wanted
  }
  if (user.distributor_id === null || (wanted !== null && wanted !== user.distributor_id)) {
    throw forbidden('A distributor makes links of his own only')
  }
  return user.distributor_id
}

async function insertWithNewCode(
  transaction: Queryable,
  {
    channel_id,
    product_id = null,
    name,
    distributor_id,
  }: NewPromoLink & { distributor_id: number },
): Promise<number> {
  for (let attempt = 1; attempt <= CODE_TRIES_MAX; attempt += 1) {
    const code = newCode()
    const link = { code, channel_id, product_id, name, distributor_id }
    const id = await queries.insertLink(transaction, link)
    if (id !== undefined) return id
  }
  throw new Error(`${CODE_TRIES_MAX} random codes in a row were taken`)
}

function newCode(): string {
  const letter = () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]
  return Array.from({ length: CODE_LENGTH }, letter).join('')
}

/** Another's link and one that does not exist look the same. */
async function getLink(transaction: Queryable, user: User, id: number) {
  const link = await queries.findLink(transaction, id)
  const isOthers = user.role === 'distributor' && link?.distributor_id !== user.distributor_id
  if (link === undefined || isOthers) throw notFound('link')
  return link
}

async function getShop(transaction: Queryable, channelId: number) {
  const shop = await queries.findShop(transaction, channelId)
  if (shop === undefined) throw notFound('channel')
  return shop
}

function subjectOf({ id }: PromoLink) {
  return { subject_kind: 'promo_link', subject_id: id }
}
