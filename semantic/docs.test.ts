import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { generateDocs } from './generate-docs.ts'
import { measures } from './members.ts'

// Compiling takes a second, and much longer beside other tests.
const COMPILE_MS_MAX = 60_000

test(
  'docs/measures.md says what the model says today, of every measure',
  async () => {
    const docs = await generateDocs()
    expect(docs).toBe(await readFile(new URL('../docs/measures.md', import.meta.url), 'utf8'))
    for (const name of Object.keys(measures)) expect(docs).toContain(`\`${name}\``)
  },
  COMPILE_MS_MAX,
)
