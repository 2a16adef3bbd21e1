/**
 * A company's past, made up by chance and posted by the core's own functions: every state an order can be in,
 * trees that are moved between orders, missing customers and distributors, amounts past 2^53, the last half second
 * of an hour, and the day on which the clocks go back.
 */
import type { Sql, TransactionSql } from 'postgres'
import { HOUR_MS, idOf, type Company, type Era } from './company.ts'
import type { Random } from './random.ts'

const LARGE_CENTS = 5_000_000_000_000_000n

/** One order with everything that ever happened to it. */
export function writeOrder(sql: Sql, random: Random, company: Company, number: number) {
  return sql.begin(async (transaction) => {
    const fate = random.pick([
      'placed',
      'paid',
      'shipped',
      'completed',
      'completed',
      'dropped',
      'refunded',
      'return',
    ])
    const isReturn = fate === 'return'
    const isHistory = isReturn || random.chance(0.2)
    const lines = linesOf(random, company, isHistory)
    const list = sum(lines.map((line) => line.list))
    const discount = sum(lines.map((line) => line.discount))
    const shipping = random.chance(0.3) ? BigInt(random.below(5_000)) : 0n
    const times = timesOf(random, fate, company.era)
    const distributor = random.chance(0.15) ? null : random.pick(company.distributors)
    const visit = isHistory || random.chance(0.5) ? null : `order-${number}`
    const channel = random.pick(company.channels)
    if (visit !== null) {
      await writeVisit(transaction, random, {
        visit,
        channel,
        distributor,
        at: times.placed,
        depth: 3,
      })
    }
    const id = await idOf(transaction`
      insert into sales_order (order_no, kind, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id,
        visit_id, state, source, list_cents, discount_cents, shipping_cents, total_cents, placed_at, paid_at,
        shipped_at, completed_at, cancelled_at)
      values (${`N${number}`}, ${isReturn ? 'return' : 'sale'}, ${channel}, ${distributor},
        coalesce((select ancestor_ids(path) from distributor where id = ${distributor}), '{}'),
        ${random.chance(0.3) ? null : random.pick(company.customers)}, ${random.pick(company.warehouses)}, ${visit},
        ${times.state}, ${isHistory ? 'import' : 'api'}, ${String(list)}, ${String(discount)}, ${String(shipping)},
        ${String(list - discount + shipping)}, ${times.placed}, ${times.paid}, ${times.shipped}, ${times.completed},
        ${times.cancelled})
      returning id
    `)
    for (const [index, line] of lines.entries()) {
      await transaction`
        insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents,
          total_cents, cost_cents)
        values (${id}, ${index + 1}, ${line.sku}, ${line.quantity}, ${String(line.list / BigInt(line.quantity))},
          ${String(line.list)}, ${String(line.discount)}, ${String(line.list - line.discount)},
          ${line.cost === null ? null : String(line.cost)})
      `
    }
    await post(transaction, id, times, isReturn)
  })
}

async function post(
  sql: TransactionSql,
  id: string,
  times: ReturnType<typeof timesOf>,
  isReturn: boolean,
) {
  await sql`select attribute_lines(array[${id}]::bigint[])`
  if (isReturn) {
    await sql`select post_returned(array[${id}]::bigint[])`
    return
  }
  await sql`select post_placed(array[${id}]::bigint[])`
  if (times.paid) await sql`select post_paid(array[${id}]::bigint[])`
  if (times.shipped) await sql`select post_shipped(array[${id}]::bigint[])`
  if (times.completed) await sql`select post_completed(array[${id}]::bigint[])`
  if (times.cancelled) await sql`select post_cancelled(array[${id}]::bigint[])`
}

type Visit = { visit: string; channel: string; distributor: string | null; at: Date; depth: number }

export async function writeVisit(
  sql: Sql | TransactionSql,
  random: Random,
  { visit, channel, distributor, at, depth }: Visit,
) {
  const promo = random.pick([null, 'spring', 'double-11'])
  for (const [index, step] of ['visit', 'view', 'cart'].slice(0, depth).entries()) {
    const moment = new Date(at.getTime() - (3 - index) * 45_500)
    await sql`
      insert into funnel_event (at, business_day, step, visit_id, channel_id, distributor_id, ancestor_ids, promo_code)
      values (${moment}, business_day(${moment}), ${step}, ${visit}, ${channel}, ${distributor},
        coalesce((select ancestor_ids(path) from distributor where id = ${distributor}), '{}'), ${promo})
    `
  }
}

function linesOf(random: Random, company: Company, hasCost: boolean) {
  return Array.from({ length: random.between(1, 4) }, () => {
    const sku = random.pick(company.skus)
    const quantity = random.between(1, 5)
    const price = random.chance(0.1)
      ? LARGE_CENTS + BigInt(random.below(1_000_000_000))
      : BigInt(random.between(0, 40_000))
    const list = price * BigInt(quantity)
    const discount = random.chance(0.3) ? (list * BigInt(random.below(100))) / 100n : 0n
    const cost = hasCost ? BigInt(random.between(1, 20_000)) : null
    return { sku: sku.id, quantity, list, discount, cost }
  })
}

function timesOf(random: Random, fate: string, era: Era) {
  const placed = momentOf(random, era)
  const after = (moment: Date, hours: number) =>
    new Date(moment.getTime() + random.below(hours * HOUR_MS) + 500)
  const paid = ['placed', 'dropped', 'return'].includes(fate) ? null : after(placed, 5)
  const shipped = paid && ['shipped', 'completed'].includes(fate) ? after(paid, 30) : null
  const completed =
    fate === 'return' ? placed : shipped && fate === 'completed' ? after(shipped, 70) : null
  const cancelled = ['dropped', 'refunded'].includes(fate) ? after(paid ?? placed, 40) : null
  const state = { dropped: 'cancelled', refunded: 'cancelled', return: 'completed' }[fate] ?? fate
  return { placed, paid, shipped, completed, cancelled, state }
}

/** Often the last half second of an hour, where ranges end. */
export function momentOf(random: Random, era: Era) {
  const moment = era.from + random.below(era.to - era.from)
  const hour = moment - (moment % HOUR_MS)
  return new Date(random.chance(0.25) ? hour + HOUR_MS - 500 : random.chance(0.1) ? hour : moment)
}

function sum(amounts: bigint[]) {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
