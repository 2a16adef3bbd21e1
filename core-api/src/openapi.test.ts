import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { renderOpenApi } from './openapi.ts'

test('the committed OpenAPI document is the one the routes make', async () => {
  const committed = await readFile(new URL('../openapi.json', import.meta.url), 'utf8')
  expect(committed === (await renderOpenApi()), 'run npm run generate').toBe(true)
})

test('every operation has an id of its own, and says who may call it', async () => {
  const { paths } = JSON.parse(await renderOpenApi())
  const operations = Object.values(paths).flatMap((path) => Object.values(Object(path)))
  const ids = operations.map((operation) => Object(operation).operationId)
  expect(new Set(ids).size).toBe(operations.length)
  for (const operation of operations) {
    expect(Object(operation)['x-roles'].length).toBeGreaterThan(0)
  }
})
