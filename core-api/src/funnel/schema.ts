import Type, { type Static } from 'typebox'
import { Id, Nullable, Text } from '../lib/schema.ts'

const EVENTS_MAX = 500

/** Later steps are posted by the order itself. */
const Step = Type.Union([Type.Literal('visit'), Type.Literal('view'), Type.Literal('cart')])

export const FunnelEvents = Type.Object(
  {
    events: Type.Array(
      Type.Object(
        {
          step: Step,
          visit_id: Text(64),
          channel_id: Id,
          distributor_id: Type.Optional(Nullable(Id)),
          promo_code: Type.Optional(Nullable(Text(64))),
          sku_id: Type.Optional(Nullable(Id)),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: EVENTS_MAX },
    ),
  },
  { additionalProperties: false },
)

export const Written = Type.Object({ written: Type.Integer() })

export type FunnelEvents = Static<typeof FunnelEvents>
