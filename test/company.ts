/**
 * A company small enough to know by heart: two branches of the tree that must not see each other,
 * one log-in per role. What has no public API yet (products, prices, log-ins) goes in by SQL.
 */
import postgres from 'postgres'
import type { Stack } from './stack.ts'

export type Company = Awaited<ReturnType<typeof createCompany>>

const STOCK_OF_EACH = 1_000

export async function createCompany(stack: Stack) {
  const sql = postgres(stack.database_url, { max: 1, onnotice: () => {} })
  try {
    const masters = await sql.begin(async (transaction) => ({
      channels: await createChannels(transaction),
      warehouses: await createWarehouses(transaction),
      skus: await createSkus(transaction),
      distributors: await createDistributors(transaction),
    }))
    const customers = await createCustomers(sql, masters.distributors)
    const logins = await createLogins(sql, stack, masters.distributors)
    await fillShelves(stack, masters)
    return { ...masters, customers, logins, password: stack.admin_password }
  } finally {
    await sql.end()
  }
}

async function createChannels(sql: postgres.ISql<{}>) {
  return ids(
    await sql`
      insert into channel (code, name, kind, fee_bps)
      values ('web', 'Web shop', 'web', 60), ('store', 'Stores', 'store', 0)
      returning id::int, code
    `,
  )
}

async function createWarehouses(sql: postgres.ISql<{}>) {
  return ids(
    await sql`
      insert into warehouse (code, name, region, priority)
      values ('east', 'East', 'East', 1), ('south', 'South', 'South', 2)
      returning id::int, code
    `,
  )
}

/** Prices that do not divide evenly, so that a rounding shows. */
async function createSkus(sql: postgres.ISql<{}>) {
  const skus = ids(
    await sql`
      with made as (
        insert into product (code, name, category)
        values ('tea', 'Green tea', 'Tea'), ('cup', 'Porcelain cup', 'Ware')
        returning id, code
      )
      insert into sku (product_id, code, name, reorder_point)
      select made.id, variant.code, variant.name, variant.reorder_point
      from made
      join (
        values
          ('tea', 'tea-100', 'Green tea 100 g', 50),
          ('tea', 'tea-250', 'Green tea 250 g', 50),
          ('cup', 'cup-1', 'Porcelain cup', 20)
      ) as variant (product, code, name, reorder_point) on variant.product = made.code
      returning id::int, code
    `,
  )
  await sql`
    insert into price (sku_id, price_cents, valid)
    select sku.id, amount.price_cents, tstzrange('-infinity', null)
    from sku
    join (values ('tea-100', 3333), ('tea-250', 7999), ('cup-1', 12801)) as amount (code, price_cents)
      on amount.code = sku.code
  `
  return skus
}

/** east > shanghai, hangzhou · south > guangzhou; what shanghai sells, south must never see. */
async function createDistributors(sql: postgres.ISql<{}>) {
  const roots = await sql`
    insert into distributor (code, name, region)
    values ('east', 'East China', 'East'), ('south', 'South China', 'South')
    returning id::int, code
  `
  const leaves = await sql`
    insert into distributor (code, name, region, city, parent_id)
    select leaf.code, leaf.name, parent.region, leaf.name, parent.id
    from distributor as parent
    join (
      values
        ('east', 'shanghai', 'Shanghai'), ('east', 'hangzhou', 'Hangzhou'),
        ('south', 'guangzhou', 'Guangzhou')
    ) as leaf (parent, code, name) on leaf.parent = parent.code
    returning id::int, code
  `
  await sql`
    insert into commission_rule (level, rate_bps)
    values (1, 1000), (2, 300)
  `
  return ids([...roots, ...leaves])
}

async function createCustomers(sql: postgres.Sql, distributors: Record<string, number>) {
  const rows = await sql`
    insert into customer (code, name, segment, distributor_id)
    select 'customer-' || distributor.code, distributor.name || ' customer', 'Consumer', distributor.id
    from distributor
    where distributor.id = any(${Object.values(distributors)})
    returning id::int, replace(code, 'customer-', '') as code
  `
  return ids(rows)
}

/** Everybody has the administrator's password: the tests know just that one. */
async function createLogins(sql: postgres.Sql, stack: Stack, distributors: Record<string, number>) {
  const staff = ['executive', 'analyst', 'operations', 'warehouse']
  await sql`
    insert into app_user (login, name, role, distributor_id, locale, password_hash)
    select wanted.login, initcap(wanted.login), wanted.role, wanted.distributor_id, 'en', admin.password_hash
    from app_user as admin
    cross join (
      select login, login as role, null::bigint as distributor_id
      from unnest(${staff}::text[]) as login
      union all
      select code, 'distributor', id
      from distributor
      where id = any(${Object.values(distributors)})
    ) as wanted
    where admin.login = ${stack.admin_login}
  `
  return [stack.admin_login, ...staff, ...Object.keys(distributors)]
}

async function fillShelves(
  stack: Stack,
  { skus, warehouses }: { skus: Record<string, number>; warehouses: Record<string, number> },
) {
  const receipts = Object.values(warehouses).flatMap((warehouse_id) =>
    Object.values(skus).map((sku_id, index) => ({
      sku_id,
      warehouse_id,
      quantity: STOCK_OF_EACH,
      cost_cents: STOCK_OF_EACH * (1_111 * (index + 1)),
    })),
  )
  const token = await logIn(stack, stack.admin_login)
  await call(stack, token, 'POST', '/stock/receipts', { receipts })
}

/** A session of the core's own API, as any client gets one. */
export async function logIn(stack: Stack, login: string): Promise<string> {
  const body = { login, password: stack.admin_password }
  const answer = await call(stack, null, 'POST', '/sessions', body)
  if (typeof answer === 'object' && answer !== null && 'token' in answer)
    return String(answer.token)
  throw new Error(`no session for ${login}`)
}

export async function call(
  stack: Stack,
  token: string | null,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${stack.core_api_url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

function ids(rows: Iterable<postgres.Row>): Record<string, number> {
  return Object.fromEntries([...rows].map((row) => [String(row.code), Number(row.id)]))
}
