/** What a market would do, decided before it happens: a pure function of the seed, the catalog and the clock. */
import { between, countOf, picker, type Random, randomOf, shuffled, waitMs } from './random.ts'
import { type Rhythm, rhythmOf } from './rhythm.ts'

export type Sku = { id: number; price_cents: number }
export type Channel = { id: number; kind: string }
export type Customer = { id: number; distributor_id: number | null }
export type Distributor = { id: number; region: string | null }
export type Warehouse = { id: number; region: string | null }
/** What a distributor hands out: who comes by it buys in its channel, and from him. */
export type Link = {
  code: string
  distributor_id: number
  channel_id: number
  region: string | null
}
export type Market = {
  time_zone: string
  skus: Sku[]
  channels: Channel[]
  customers: Customer[]
  distributors: Distributor[]
  warehouses: Warehouse[]
  /** Those in use; none for a company that hands out none. */
  links: Link[]
}

export type Fate = 'completed' | 'unpaid' | 'cancelled'
export type PlannedOrder = {
  customer_id: number | null
  distributor_id: number | null
  warehouse_id: number | null
  lines: { sku_id: number; quantity: number }[]
  discount_cents: number
  shipping_cents: number
  fate: Fate
  /** Each counted from the step before it. */
  place_ms: number
  pay_ms: number
  ship_ms: number
  complete_ms: number
  cancel_ms: number
}
export type Visit = {
  number: number
  at_ms: number
  channel_id: number
  distributor_id: number | null
  promo_code: string | null
  /** A store has customers but no visits that anybody counts. */
  isCounted: boolean
  viewed_sku_id: number | null
  view_ms: number
  cart_ms: number | null
  order: PlannedOrder | null
}

type Plan = {
  seed: number
  ordersPerSecond: number
  startsAt: Date
  market: Market
  /** How busy a moment is, one on average; the shop's own rhythm unless said. */
  rhythm?: Rhythm
}

export const VISITS_PER_ORDER = 12
const VIEW_SHARE = 0.64
const CART_SHARE = 0.19
const ORDER_SHARE_OF_CARTS = 1 / VISITS_PER_ORDER / CART_SHARE
const STORE_SHARE = 0.08
const UNPAID_SHARE = 0.05
const CANCELLED_SHARE = 0.025
const KNOWN_CUSTOMER_SHARE = 0.85
const PROMO_SHARE = 0.12
const PROMO_CODES = ['WELCOME', 'FRIENDS', 'OFFICE-WEEK', 'BACK-TO-DESK']
const LINES_MAX = 6
const PIECES_MAX = 9
const DISCOUNT_SHARE = 0.15
const FREE_SHIPPING_CENTS = 50_00
const SHIPPING_CENTS = 4_99
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

export function* planMarket(plan: Plan): Generator<Visit> {
  const { seed, ordersPerSecond, startsAt, market } = plan
  const random = randomOf(seed)
  const rhythm = byMinute(plan.rhythm ?? rhythmOf(market.time_zone))
  const choose = choosersOf(market, random)
  let at_ms = 0
  for (let number = 1; ; number += 1) {
    const now = new Date(startsAt.getTime() + at_ms)
    // Visits of a store are not counted, so every one that is planned there is an order.
    const visitsPerSecond = ordersPerSecond * ((1 - STORE_SHARE) * VISITS_PER_ORDER + STORE_SHARE)
    at_ms += waitMs(random, visitsPerSecond * rhythm(now))
    yield visitOf(number, at_ms, random, choose)
  }
}

/** A moment's busyness, looked up once for each minute: a plan asks for every visit. */
function byMinute(rhythm: Rhythm): Rhythm {
  let minute = -1
  let value = 1
  return (at) => {
    const wanted = Math.floor(at.getTime() / MINUTE_MS)
    if (wanted !== minute) [minute, value] = [wanted, rhythm(at)]
    return value
  }
}

type Choosers = ReturnType<typeof choosersOf>

/** Few products and few sellers make most of the trade; dear things sell less than cheap ones. */
function choosersOf(market: Market, random: Random) {
  const regions = new Map([
    ...market.links.map(({ distributor_id, region }) => [distributor_id, region] as const),
    ...market.distributors.map(({ id, region }) => [id, region] as const),
  ])
  const warehouses = new Map(market.warehouses.map(({ id, region }) => [region, id]))
  const stores = market.channels.filter(({ kind }) => kind === 'store')
  const shops = market.channels.filter(({ kind }) => kind !== 'store')
  return {
    sku: picker(
      shuffled(market.skus, random),
      ({ price_cents }, rank) => Math.min(1, Math.sqrt(2000 / price_cents)) / (rank + 25),
    ),
    customer: picker(shuffled(market.customers, random), (_, rank) => 1 / (rank + 12)),
    distributor: picker(shuffled(market.distributors, random), (_, rank) => 1 / (rank + 8)),
    store: stores.length > 0 ? picker(stores, () => 1) : null,
    shop: picker(shops, (_, rank) => 1 / (rank + 1)),
    link: market.links.length > 0 ? picker(market.links, (_, rank) => 1 / (rank + 10)) : null,
    warehouseOf: (distributor: number | null) =>
      warehouses.get(distributor === null ? null : (regions.get(distributor) ?? null)) ?? null,
  }
}

function visitOf(number: number, at_ms: number, random: Random, choose: Choosers): Visit {
  const storeShare = STORE_SHARE / ((1 - STORE_SHARE) * VISITS_PER_ORDER + STORE_SHARE)
  const isInStore = choose.store !== null && random() < storeShare
  const channel = isInStore && choose.store ? choose.store(random) : choose.shop(random)
  const customer = random() < KNOWN_CUSTOMER_SHARE ? choose.customer(random) : null
  const chosen = customer ? customer.distributor_id : choose.distributor(random).id
  const view = random()
  const cart = random() < CART_SHARE / VIEW_SHARE
  const order = isInStore || (view < VIEW_SHARE && cart && random() < ORDER_SHARE_OF_CARTS)
  const viewed = choose.sku(random)
  const promo = random()
  const code = PROMO_CODES[Math.floor(random() * PROMO_CODES.length)] ?? null
  const isPromoted = !isInStore && promo < PROMO_SHARE
  // Whoever is somebody's customer already stays his; a newcomer belongs to the link that brought him.
  const link = isPromoted && customer === null && choose.link ? choose.link(random) : null
  const distributor_id = link ? link.distributor_id : chosen
  return {
    number,
    at_ms,
    channel_id: link ? link.channel_id : channel.id,
    distributor_id,
    promo_code: isPromoted ? (link?.code ?? code) : null,
    isCounted: !isInStore,
    viewed_sku_id: !isInStore && view < VIEW_SHARE ? viewed.id : null,
    view_ms: soon(random, at_ms, 3 * SECOND_MS, 15 * SECOND_MS),
    cart_ms: !isInStore && view < VIEW_SHARE && cart ? soon(random, at_ms, 5_000, 40_000) : null,
    order: order ? orderOf({ at_ms, viewed, customer, distributor_id }, random, choose) : null,
  }
}

type Basket = {
  at_ms: number
  viewed: Sku
  customer: Customer | null
  distributor_id: number | null
}

function orderOf(basket: Basket, random: Random, choose: Choosers): PlannedOrder {
  const { at_ms, viewed, customer, distributor_id } = basket
  const skus = new Map([[viewed.id, viewed]])
  for (let more = countOf(random, 0.45, LINES_MAX); more > 1; more -= 1) {
    const sku = choose.sku(random)
    skus.set(sku.id, sku)
  }
  let worth = 0
  const lines = [...skus.values()].map(({ id, price_cents }) => {
    const quantity = countOf(random, price_cents < 5000 ? 0.5 : 0.25, PIECES_MAX)
    worth += quantity * price_cents
    return { sku_id: id, quantity }
  })
  const chance = random()
  return {
    customer_id: customer?.id ?? null,
    distributor_id,
    warehouse_id: choose.warehouseOf(distributor_id),
    lines,
    discount_cents: random() < DISCOUNT_SHARE ? Math.floor(worth * between(random, 0.03, 0.1)) : 0,
    shipping_cents: worth < FREE_SHIPPING_CENTS ? SHIPPING_CENTS : 0,
    fate:
      chance < UNPAID_SHARE
        ? 'unpaid'
        : chance < UNPAID_SHARE + CANCELLED_SHARE
          ? 'cancelled'
          : 'completed',
    place_ms: soon(random, at_ms, 10 * SECOND_MS, 60 * SECOND_MS),
    pay_ms: soon(random, at_ms, 3 * SECOND_MS, 25 * SECOND_MS),
    ship_ms: between(random, MINUTE_MS, 3 * MINUTE_MS),
    complete_ms: between(random, 4 * MINUTE_MS, 12 * MINUTE_MS),
    cancel_ms: between(random, 20 * SECOND_MS, 90 * SECOND_MS),
  }
}

/** In the first minute everybody is quick, so that a market that has just opened sells at once. */
function soon(random: Random, at_ms: number, from: number, to: number): number {
  return Math.min(1, (at_ms + 2 * SECOND_MS) / MINUTE_MS) * between(random, from, to)
}
