/** Business as it happens, many sessions at once: what it did is in Postgres, and that is what counts. */
import type postgres from 'postgres'

type Shop = { sql: postgres.Sql }

/** A generator of its own, so that a seed tells the same story on every machine. */
export function createRandom(seed: number) {
  let state = seed >>> 0
  return function below(limit: number): number {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

export async function openShop({ sql }: Shop) {
  await sql`
    insert into instance (name, currency, time_zone, demo)
    values ('Test', 'CNY', 'Asia/Shanghai', ${sql.json({ note: 'tab\tand "quotes" \\ 中文 🎉' })})
  `
  await sql`insert into channel (code, name, fee_bps) values ('web', 'Web', 60), ('store', 'Store', 0)`
  await sql`insert into warehouse (code, name) values ('north', 'North'), ('south', 'South')`
  await sql`insert into distributor (code, name) select 'd' || n, 'Distributor ' || n from generate_series(1, 4) as n`
  await sql`insert into distributor (code, name, parent_id) select 'e' || id, 'Below ' || id, id from distributor`
  await sql`insert into commission_rule (level, rate_bps) values (1, 500), (2, 200)`
  await sql`
    insert into product (code, name, category)
    select 'p' || n, 'Product ' || n, case when n % 3 = 0 then 'Tea' end from generate_series(1, 20) as n
  `
  await sql`insert into sku (product_id, code, name) select id, 's' || id, name from product`
  await sql`insert into price (sku_id, price_cents) select id, id * 37 from sku`
  await sql`
    select receive_stock(sku.id, warehouse.id, 1000000, 500000000, 'opening', now()) from sku, warehouse
  `
  await sql`insert into customer (code, name) select 'c' || n, 'Customer ' || n from generate_series(1, 30) as n`
}

export type Below = (limit: number) => number
export type Step = (sql: postgres.TransactionSql, below: Below, tag: string) => Promise<unknown>

const STEPS: Step[] = [
  place,
  place,
  place,
  advance('placed', 'paid', 'post_paid'),
  advance('placed', 'paid', 'post_paid'),
  advance('paid', 'shipped', 'post_shipped'),
  advance('shipped', 'completed', 'post_completed'),
  advance('placed', 'cancelled', 'post_cancelled'),
  (sql, below) =>
    sql`update product set name = ${`Tea ${below(1e6)}\t\n\\🍵`} where id = ${1 + below(20)}`,
  (sql, _below, tag) => sql`insert into customer (code, name) values (${tag}, 'New')`,
  // A new key for an old row: the old one must go.
  (sql, below) => sql`update customer set id = default where id = ${31 + below(200)}`,
  (sql, below) => sql`delete from customer where id = ${31 + below(400)} and id > 30`,
  (sql, below) =>
    sql`update distributor set parent_id = ${1 + below(4)} where id = ${5 + below(4)} and id > 4`,
  undone,
  visits,
]

/** Sessions that work until `isOver`; a step that fails is rolled back and the next one tried. */
export async function trade(
  { sql }: Shop,
  seed: number,
  sessions: number,
  isOver: () => boolean,
  business: Step[] = STEPS,
) {
  let committed = 0
  async function session(number: number) {
    const below = createRandom(seed * 1_000 + number)
    for (let turn = 0; !isOver(); turn += 1) {
      const steps = Array.from({ length: 1 + below(3) }, () => business[below(business.length)])
      const tag = `${seed}-${number}-${turn}`
      try {
        await sql.begin(async (transaction) => {
          for (const [index, step] of steps.entries())
            await step?.(transaction, below, `${tag}-${index}`)
        })
        committed += 1
      } catch {
        // A server that is being killed, or two sessions in each other's way: neither may lose a row.
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  await Promise.all(Array.from({ length: sessions }, (_, number) => session(number)))
  return committed
}

async function place(sql: postgres.TransactionSql, below: Below, tag: string) {
  const visit = below(2) === 0 ? tag : null
  if (visit) await visits(sql, below, visit)
  const distributor = 1 + below(8)
  const quantity = 1 + below(5)
  const price = 37 * (1 + below(20))
  const [order] = await sql<{ id: string }[]>`
    insert into sales_order (order_no, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id,
      visit_id, list_cents, total_cents, placed_at)
    select ${tag}, ${1 + below(2)}, id, ancestor_ids(path), ${1 + below(30)}, ${1 + below(2)},
      ${visit}, ${quantity * price}, ${quantity * price}, clock_timestamp()
    from distributor where id = ${distributor}
    returning id
  `
  if (!order) return
  const [line] = await sql<{ id: string }[]>`
    insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, total_cents)
    values (${order.id}, 1, ${1 + below(20)}, ${quantity}, ${price}, ${quantity * price}, ${quantity * price})
    returning id
  `
  await sql`
    insert into order_line_attribution (order_line_id, level, distributor_id, ancestor_ids, rule_id, rate_bps)
    select ${line?.id ?? null}, 1, id, ancestor_ids(path), 1, 500 from distributor where id = ${distributor}
  `
  await sql`select post_placed(array[${order.id}::bigint])`
}

function advance(from: string, to: string, post: string): Step {
  return async (sql) => {
    const [order] = await sql<{ id: string }[]>`
      update sales_order set state = ${to}, ${sql(`${to}_at`)} = clock_timestamp()
      where id = (
        select id from sales_order where state = ${from} order by id limit 1 for update skip locked
      )
      returning id
    `
    if (order) await sql`select ${sql(post)}(array[${order.id}::bigint])`
  }
}

/** Work that is undone by a savepoint must not be seen; what is around it must. */
async function undone(sql: postgres.TransactionSql, _below: Below, tag: string) {
  await sql`insert into customer (code, name) values (${`${tag}-kept`}, 'Kept')`
  await sql
    .savepoint(async (savepoint) => {
      await savepoint`insert into customer (code, name) values (${`${tag}-gone`}, 'Gone')`
      throw new Error('undone')
    })
    .catch(() => {})
  await sql`update customer set segment = 'kept' where code = ${`${tag}-kept`}`
}

async function visits(sql: postgres.TransactionSql, below: Below, tag: string) {
  await sql`
    insert into funnel_event (at, business_day, step, visit_id, channel_id)
    select clock_timestamp(), business_day(clock_timestamp()), step, ${tag}, ${1 + below(2)}
    from unnest(array['visit', 'view', 'cart']) as step
    on conflict do nothing
  `
}
