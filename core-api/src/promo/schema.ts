import Type, { type Static } from 'typebox'
import { Id, Nullable, PageQuery, Text, Timestamp } from '../lib/schema.ts'

export const PromoLink = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  distributor_id: Id,
  channel_id: Id,
  channel: Type.String(),
  product_id: Nullable(Id),
  product: Nullable(Type.String()),
  created_at: Timestamp,
  disabled_at: Nullable(Timestamp),
})

export const PromoLinkQuery = Type.Object(
  { ...PageQuery.properties, distributor_id: Type.Optional(Id) },
  { additionalProperties: false },
)

export const NewPromoLink = Type.Object(
  {
    channel_id: Id,
    product_id: Type.Optional(Nullable(Id)),
    name: Text(100),
    /** Whose link it is; a distributor makes his own. */
    distributor_id: Type.Optional(Nullable(Id)),
  },
  { additionalProperties: false },
)

export const PromoLinkChange = Type.Object(
  { is_disabled: Type.Boolean() },
  { additionalProperties: false },
)

export const ChannelShop = Type.Object({
  id: Id,
  channel: Type.String(),
  /** Where the links of the channel lead; null: nobody has said it yet. */
  url: Nullable(Type.String()),
})

export const ChannelShopChange = Type.Object(
  { url: Type.String({ minLength: 8, maxLength: 500, pattern: '^https?://[^\\s\\u0000]+$' }) },
  { additionalProperties: false },
)

export const PromoVisit = Type.Object(
  { code: Text(32), visit_id: Text(64) },
  { additionalProperties: false },
)

export const PromoTarget = Type.Object({
  code: Type.String(),
  distributor: Type.String(),
  channel: Type.String(),
  /** Where to go on; null while the channel's shop has no address. */
  url: Nullable(Type.String()),
})

/** What a visit through a link is attributed to. */
export const OpenLink = Type.Object({
  code: Type.String(),
  distributor_id: Id,
  distributor: Type.String(),
  channel_id: Id,
  channel: Type.String(),
  product_code: Nullable(Type.String()),
  shop_url: Nullable(Type.String()),
})

export type PromoLink = Static<typeof PromoLink>
export type NewPromoLink = Static<typeof NewPromoLink>
export type PromoLinkChange = Static<typeof PromoLinkChange>
export type ChannelShop = Static<typeof ChannelShop>
export type PromoVisit = Static<typeof PromoVisit>
export type OpenLink = Static<typeof OpenLink>
