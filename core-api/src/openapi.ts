/** Writes core-api/openapi.json from the routes; needs no database. Prints what it did as its last line. */
import { readFile, writeFile } from 'node:fs/promises'
import { buildApp } from './app.ts'
import { connect } from './lib/postgres.ts'

const FILE = new URL('../openapi.json', import.meta.url)

export async function renderOpenApi(): Promise<string> {
  // The pool connects with its first query, and none is made.
  const sql = connect('postgres://nobody@localhost/nothing')
  const app = await buildApp({ sql, tokenSecret: '', logger: false })
  await app.ready()
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`
  await app.close()
  return text
}

async function main(): Promise<void> {
  const text = await renderOpenApi()
  const before = await readFile(FILE, 'utf8').catch(() => '')
  if (text !== before) await writeFile(FILE, text)
  const changed = text === before ? [] : ['core-api/openapi.json']
  console.log(JSON.stringify({ generate: 'openapi', changed }))
}

if (import.meta.main) await main()
