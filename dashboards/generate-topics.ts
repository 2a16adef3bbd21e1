/** Writes topics.ts: which changes each view depends on, which know no time and which their own, without the rest of what the model says about its members. */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { dimensions, views } from '../semantic/members.ts'

const FILE = fileURLToPath(new URL('topics.ts', import.meta.url))

const rows = Object.entries(views)
  .toSorted(([a], [b]) => a.localeCompare(b))
  .map(([name, { topics }]) => `${name}: ${JSON.stringify(topics)},`)

const timeless = Object.keys(views).filter((name) => !(`${name}.at` in dimensions))

const weeks = Object.entries(views).flatMap(([name, { whole_weeks }]) =>
  whole_weeks === null ? [] : [`${name}: ${whole_weeks}`],
)

const text = `
import type { View, views } from '../semantic/members.ts'

// Generated from semantic/members.ts by \`npm run generate\`. Do not edit.
/** Which changes a view's numbers depend on, for the page to know when to ask again. */
export const topics: { [Name in View]: (typeof views)[Name]['topics'] } = {
  ${rows.join('\n')}
}

/** Views of how things stand now: they know no period, and there is nothing to compare with. */
export const timeless: readonly View[] = ${JSON.stringify(timeless)}

/** Views whose sales are of so many whole weeks up to yesterday, whatever period the page has. */
export const wholeWeeks: { readonly [Name in View]?: number } = { ${weeks.join(', ')} }
`
await writeFile(FILE, await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }))
