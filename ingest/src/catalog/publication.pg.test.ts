import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { listMembers, publicationNames, publish } from './publication.ts'
import { type CatalogTable, listTables } from './tables.ts'

const SCHEMA = `pub_${randomBytes(4).toString('hex')}`
const NAMES = publicationNames(SCHEMA)
const sql = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} })

beforeAll(async () => {
  await sql.unsafe(`
    create schema ${SCHEMA};
    create table ${SCHEMA}.one (id int primary key);
    create table ${SCHEMA}."Two" (id int)
  `)
})
afterAll(async () => {
  await sql.unsafe(`drop publication if exists ${NAMES.join(', ')}; drop schema ${SCHEMA} cascade`)
  await sql.end()
})

const tables = () => listTables(sql, [`${SCHEMA}.*`])

async function tableOf(name: string): Promise<CatalogTable> {
  const found = (await tables()).find((table) => table.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

test('a table is in the publication its key allows, and goes to the other when it has got one', async () => {
  await publish(sql, SCHEMA, await tables())
  const [one, two] = [await tableOf('one'), await tableOf('Two')]
  expect(await listMembers(sql, NAMES)).toEqual(
    new Set([`${NAMES[0]} ${one.oid}`, `${NAMES[1]} ${two.oid}`]),
  )
  await sql.unsafe(`alter table ${SCHEMA}."Two" add primary key (id)`)
  await publish(sql, SCHEMA, await tables())
  expect(await listMembers(sql, NAMES)).toEqual(
    new Set([`${NAMES[0]} ${one.oid}`, `${NAMES[0]} ${two.oid}`]),
  )
})

test('a table that was renamed since it was looked up is published under its new name, never the one that took the old', async () => {
  await sql.unsafe(`create table ${SCHEMA}.three (id int primary key)`)
  const three = await tableOf('three')
  await sql.unsafe(`
    alter table ${SCHEMA}.three rename to four;
    create table ${SCHEMA}.three (id int primary key)
  `)
  const other = await tableOf('three')
  await publish(sql, SCHEMA, [three])
  const members = await listMembers(sql, NAMES)
  expect(members.has(`${NAMES[0]} ${three.oid}`)).toBe(true)
  expect(members.has(`${NAMES[0]} ${other.oid}`)).toBe(false)
})

test('a table that was dropped since it was looked up is an error, and nothing is published', async () => {
  const three = await tableOf('three')
  const before = await listMembers(sql, NAMES)
  await sql.unsafe(`drop table ${SCHEMA}.three`)
  await expect(publish(sql, SCHEMA, [three])).rejects.toThrow(/syntax error|does not exist/)
  expect(await listMembers(sql, NAMES)).toEqual(before)
})
