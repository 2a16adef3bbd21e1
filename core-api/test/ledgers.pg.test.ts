import { expect, test } from 'vitest'
import type { Sql } from '../src/lib/postgres.ts'
import { orderOf, withApp, type World } from './app.ts'

const LEDGERS = [
  'journal_txn',
  'journal_entry',
  'stock_move',
  'commission_entry',
  'order_event',
  'funnel_event',
]

async function paidOrder({ given, as }: World) {
  const sku = await given.sku({ in_stock: 2, value_cents: 100n })
  const distributor_id = await given.distributor()
  await given.rule(1, 1_000, { sku_id: sku.id })
  const ask = await as('operations')
  const channel_id = await given.channel()
  const visit_id = `visit-${sku.id}`
  const events = [{ step: 'visit', visit_id, channel_id }]
  await ask({ method: 'POST', url: '/funnel-events', payload: { events } })
  const lines = [{ sku_id: sku.id, quantity: 1 }]
  const payload = { channel_id, distributor_id, visit_id, lines }
  const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
  return orderOf(await ask({ method: 'POST', url: `/orders/${id}/pay` }))
}

test('no ledger can be updated, deleted or emptied, neither by the application nor by the owner', () =>
  withApp(async (world) => {
    await paidOrder(world)
    const { owner, core } = world.database
    for (const ledger of LEDGERS) {
      const [{ rows }] = await owner<
        [{ rows: number }]
      >`select count(*) as rows from ${owner(ledger)}`
      expect(rows, ledger).toBeGreaterThan(0)
      for (const [sql, code] of [
        [owner, '23001'],
        [core, '42501'],
      ] as const) {
        await expect(sql`update ${sql(ledger)} set at = at`.catch(codeOnly)).resolves.toBe(code)
        await expect(sql`delete from ${sql(ledger)}`.catch(codeOnly)).resolves.toBe(code)
        await expect(truncate(sql, ledger)).resolves.toBe(code)
      }
    }
  }))

test('the application cannot set a level by hand, nor read its way around the journal check', () =>
  withApp(async ({ database: { core } }) => {
    await expect(core`update stock_level set on_hand = 9`.catch(codeOnly)).resolves.toBe('42501')
    await expect(
      core`insert into stock_level (sku_id, warehouse_id) values (1, 1)`.catch(codeOnly),
    ).resolves.toBe('42501')
    await expect(core`set session_replication_role = replica`.catch(codeOnly)).resolves.toBe(
      '42501',
    )
    await expect(core`alter table journal_txn disable trigger all`.catch(codeOnly)).resolves.toBe(
      '42501',
    )
    await expect(core`update payment set amount_cents = 0`.catch(codeOnly)).resolves.toBe('42501')
  }))

test('a journal transaction whose debits and credits differ is refused when it commits', () =>
  withApp(async (world) => {
    const { core } = world.database
    const { id } = await paidOrder(world)
    const post = (...amounts: number[]) =>
      core.begin(async (sql) => {
        const [txn] = await sql<[{ id: number }]>`
          insert into journal_txn (kind, source_type, source_id, at, business_day)
          values ('adjustment', 'order', ${id}, now(), business_day(now()))
          returning id
        `
        for (const amount of amounts) {
          await sql`
            insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents)
            values (${txn.id}, 'adjustment', now(), business_day(now()), 'cash', ${amount})
          `
        }
      })
    const refused = { constraint_name: 'journal_txn_balanced' }
    await expect(post(100, -99)).rejects.toMatchObject(refused)
    await expect(post()).rejects.toMatchObject(refused)
    await expect(post(0)).rejects.toMatchObject(refused)
    await expect(post(100, -100)).resolves.toBeUndefined()
    await expect(post(100, -100)).rejects.toMatchObject({ code: '23505' })
  }))

test('nothing joins a journal transaction that was posted before, balanced or not', () =>
  withApp(async (world) => {
    const { core, owner } = world.database
    const { id } = await paidOrder(world)
    const [txn] = await owner<[{ id: number }]>`
      select id from journal_txn where source_id = ${id} and kind = 'sale'
    `
    for (const sql of [core, owner]) {
      const joining = sql`
        insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents)
        select ${txn.id}, 'sale', now(), business_day(now()), 'cash', amount
        from (values (100), (-100)) as entry (amount)
      `
      await expect(joining).rejects.toMatchObject({ constraint_name: 'journal_entry_in_own_txn' })
    }
  }))

test('a step posted twice breaks a key and changes nothing', () =>
  withApp(async (world) => {
    const { core, owner } = world.database
    const { id } = await paidOrder(world)
    const entries = () => owner`select id from journal_entry where order_id = ${id}`
    const before = await entries()
    await expect(core`select post_paid(array[${id}]::bigint[])`).rejects.toMatchObject({
      code: '23505',
    })
    await expect(core`select post_placed(array[${id}]::bigint[])`).rejects.toMatchObject({
      code: '23505',
    })
    expect(await entries()).toEqual(before)
  }))

async function truncate(sql: Sql, ledger: string): Promise<string> {
  return sql`truncate ${sql(ledger)} cascade`.then(() => 'emptied', codeOnly)
}

function codeOnly(error: { code?: string }): string {
  return error.code ?? 'no code'
}
