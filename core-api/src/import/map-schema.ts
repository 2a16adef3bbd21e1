/** The grammar of a map. docs/import.md has it in words. */
import { type Static, Type } from 'typebox'

const Name = Type.String({ minLength: 1 })
const strict = { additionalProperties: false }

/** A column by name, or how its text becomes a value. */
const Expression = Type.Union([
  Name,
  Type.Object(
    {
      column: Name,
      fold: Type.Optional(Type.Union([Type.Literal('upper'), Type.Literal('lower')])),
      /** Text of the column → value. Text that is not listed becomes `otherwise`, or stays as it is. */
      values: Type.Optional(Type.Record(Type.String(), Type.String())),
      otherwise: Type.Optional(Type.String()),
    },
    strict,
  ),
  Type.Object({ constant: Name }, strict),
  /** Values by weight, chosen by the document's own key: for what the source does not say. */
  Type.Object({ spread: Type.Record(Name, Type.Integer({ minimum: 1 })) }, strict),
])

const Moment = Type.Object(
  { column: Type.Union([Name, Type.Array(Name, { minItems: 1 })]), format: Name },
  strict,
)

const Amount = Type.Union([
  Type.Object(
    {
      unit_price: Expression,
      discount: Type.Optional(Expression),
      discount_rate: Type.Optional(Expression),
    },
    strict,
  ),
  /** What was paid for the line, its discount already taken off. */
  Type.Object(
    {
      total: Expression,
      discount: Type.Optional(Expression),
      discount_rate: Type.Optional(Expression),
    },
    strict,
  ),
])

const Cost = Type.Union([
  Type.Object({ unit: Expression }, strict),
  Type.Object({ total: Expression }, strict),
  Type.Object({ profit: Expression }, strict),
])

const Sign = Type.Union([Type.Literal('negative'), Type.Literal('zero'), Type.Literal('positive')])

const When = Type.Object(
  {
    document: Type.Optional(Name),
    sku: Type.Optional(Name),
    quantity: Type.Optional(Sign),
    price: Type.Optional(Sign),
    column: Type.Optional(Name),
    matches: Type.Optional(Type.String()),
  },
  strict,
)

const Then = Type.Union([
  Type.Object({ kind: Type.Union([Type.Literal('sale'), Type.Literal('write_off')]) }, strict),
  Type.Object(
    {
      kind: Type.Literal('return'),
      /** How the source writes the quantities and amounts of a return; negative unless said. */
      amounts: Type.Optional(Type.Union([Type.Literal('negative'), Type.Literal('positive')])),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('adjustment'),
      account: Type.Union([
        Type.Literal('bad_debt'),
        Type.Literal('fee'),
        Type.Literal('discount'),
        Type.Literal('refund'),
        Type.Literal('shipping_income'),
      ]),
    },
    strict,
  ),
  Type.Object(
    {
      role: Type.Union([
        Type.Literal('service'),
        Type.Literal('shipping'),
        Type.Literal('discount'),
      ]),
    },
    strict,
  ),
  Type.Object({ refuse: Name }, strict),
])

const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

export const ImportMap = Type.Object(
  {
    source: Name,
    format: Type.Optional(
      Type.Object(
        {
          delimiter: Type.Optional(Name),
          encoding: Type.Optional(Type.Union([Type.Literal('utf8'), Type.Literal('latin1')])),
          decimal: Type.Optional(Name),
          group: Type.Optional(Type.String()),
          symbols: Type.Optional(Type.String()),
        },
        strict,
      ),
    ),
    /** When headers and lines are two files: which files hold the headers, and what joins them. */
    headers: Type.Optional(Type.Object({ file: Name, key: Name, line_key: Name }, strict)),
    time_zone: Type.Optional(Name),
    currency: Expression,
    document: Expression,
    at: Moment,
    shipped_at: Type.Optional(Moment),
    spread_time: Type.Optional(Type.Object({ from: Clock, to: Clock }, strict)),
    shift: Type.Optional(Type.Object({ last_day: Type.Literal('yesterday') }, strict)),
    complete_after_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 365 })),
    sku: Type.Object(
      {
        code: Expression,
        name: Type.Optional(Expression),
        product: Type.Optional(Expression),
        category: Type.Optional(Expression),
        subcategory: Type.Optional(Expression),
      },
      strict,
    ),
    quantity: Expression,
    amount: Amount,
    cost: Type.Optional(Cost),
    shipping: Type.Optional(Expression),
    order_discount: Type.Optional(Expression),
    customer: Type.Optional(
      Type.Object(
        {
          code: Expression,
          name: Type.Optional(Expression),
          segment: Type.Optional(Expression),
          country: Type.Optional(Expression),
          region: Type.Optional(Expression),
          city: Type.Optional(Expression),
          unknown: Type.Optional(Type.Object({ code: Name, name: Name }, strict)),
        },
        strict,
      ),
    ),
    distributor: Type.Optional(
      Type.Object(
        {
          levels: Type.Array(Expression, { minItems: 1, maxItems: 15 }),
          grades: Type.Optional(Type.Array(Name)),
        },
        strict,
      ),
    ),
    channel: Expression,
    channels: Type.Array(
      Type.Object(
        {
          code: Name,
          name: Name,
          kind: Type.Optional(
            Type.Union([
              Type.Literal('web'),
              Type.Literal('store'),
              Type.Literal('marketplace'),
              Type.Literal('distributor'),
            ]),
          ),
          fee_bps: Type.Optional(Type.Integer({ minimum: 0, maximum: 10000 })),
        },
        strict,
      ),
    ),
    warehouse: Expression,
    warehouses: Type.Array(
      Type.Object(
        {
          code: Name,
          name: Name,
          region: Type.Optional(Name),
          priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 32767 })),
        },
        strict,
      ),
    ),
    rules: Type.Optional(Type.Array(Type.Object({ when: When, then: Then }, strict))),
  },
  strict,
)

export type ImportMap = Static<typeof ImportMap>
export type Expression = Static<typeof Expression>
export type MomentMap = Static<typeof Moment>
export type Rule = { when: Static<typeof When>; then: Static<typeof Then> }
