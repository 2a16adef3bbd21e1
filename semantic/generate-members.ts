/**
 * Writes members.ts from the model: the types and meanings of everything that may be asked. Needs no database.
 * A measure that does not say its unit, its good direction or whether it adds up stops here.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { Type, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { createCube, type ViewMeta } from './cube.ts'

const MEMBERS_FILE = fileURLToPath(new URL('./members.ts', import.meta.url))

const MeasureMeta = Type.Object({
  title_zh: Type.String({ minLength: 1 }),
  description_zh: Type.String({ minLength: 1 }),
  /** Who answers for the definition. */
  owner: Type.String({ minLength: 1 }),
  unit: Type.Enum(['cents', 'count', 'ratio', 'units', 'days', 'hours', 'times']),
  good: Type.Enum(['up', 'down', 'none']),
  additive: Type.Boolean(),
  additive_except: Type.Optional(Type.Array(Type.String())),
})

const DimensionMeta = Type.Object({
  title_zh: Type.String({ minLength: 1 }),
  description_zh: Type.String({ minLength: 1 }),
  owner: Type.String({ minLength: 1 }),
  /** What each code is called. */
  values: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({ en: Type.String({ minLength: 1 }), zh: Type.String({ minLength: 1 }) }),
    ),
  ),
  /** Roles that may not read it, though its view is open to them. */
  forbidden_to: Type.Optional(Type.Array(Type.String())),
})

type Member = ViewMeta['measures'][number]
type Entry = [name: string, entry: object]

export async function generateMembers(): Promise<string> {
  const cube = createCube(() =>
    Promise.reject(new Error('the model is compiled without a database')),
  )
  const views = await cube.views()
  const source = `
    // Generated from semantic/model by \`npm run generate\`. Do not edit.

    ${tableOf('views', views.map(viewEntry))}

    ${tableOf(
      'measures',
      views.flatMap((view) => view.measures.map((member) => measureEntry(view, member))),
    )}

    ${tableOf(
      'dimensions',
      views.flatMap((view) => view.dimensions.map((member) => dimensionEntry(view, member))),
    )}

    export type View = keyof typeof views
    export type Measure = keyof typeof measures
    export type Dimension = keyof typeof dimensions
    export type Member = Measure | Dimension
    export type TimeDimension = {
      [Name in Dimension]: (typeof dimensions)[Name]['type'] extends 'time' ? Name : never
    }[Dimension]
    export type Unit = (typeof measures)[Measure]['unit']
    export type Good = (typeof measures)[Measure]['good']
    export type Topic = (typeof views)[View]['topics'][number]
  `
  const style = await resolveConfig(MEMBERS_FILE)
  return format(source, { ...style, parser: 'typescript', plugins: [] })
}

function viewEntry(view: ViewMeta): Entry {
  const { topics, title_zh, description_zh, forbidden_to = [], whole_weeks = null } = view.meta
  const { title, description = '' } = view
  return [
    view.name,
    { title, title_zh, description, description_zh, topics, forbidden_to, whole_weeks },
  ]
}

function measureEntry(view: ViewMeta, member: Member): Entry {
  const meta = metaOf(MeasureMeta, member)
  const { title_zh, description_zh, owner, unit, good, additive, additive_except = [] } = meta
  const known = new Set(view.dimensions.map(({ name }) => name))
  const entry = {
    view: view.name,
    title: member.shortTitle,
    title_zh,
    description: descriptionOf(member),
    description_zh,
    unit,
    good,
    additive,
    additive_except: additive_except
      .map((name) => `${view.name}.${name}`)
      .filter((name) => known.has(name)),
    drill: drillOf(member),
    owner,
  }
  return [member.name, entry]
}

function dimensionEntry(view: ViewMeta, member: Member): Entry {
  const {
    title_zh,
    description_zh,
    owner,
    values = {},
    forbidden_to = [],
  } = metaOf(DimensionMeta, member)
  const entry = {
    view: view.name,
    type: member.type,
    title: member.shortTitle,
    title_zh,
    description: descriptionOf(member),
    description_zh,
    values,
    owner,
    forbidden_to,
  }
  return [member.name, entry]
}

/** What a number is made of: the dimensions to ask it by next. */
function drillOf(member: Member) {
  const drill = member.drillMembers ?? []
  if (drill.length === 0)
    throw new Error(`${member.name} drills to nothing: it needs drill_members`)
  return drill
}

function metaOf<Schema extends TSchema>(schema: Schema, member: Member) {
  if (Value.Check(schema, member.meta)) return member.meta
  const [error] = Value.Errors(schema, member.meta)
  throw new Error(
    `${member.name}: its meta ${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}`,
  )
}

function descriptionOf(member: Member) {
  if (member.description === undefined) throw new Error(`${member.name} has no description`)
  return member.description
}

function tableOf(name: string, entries: Entry[]) {
  return `export const ${name} = ${JSON.stringify(Object.fromEntries(entries), null, 2)} as const`
}

if (import.meta.main) {
  const text = await generateMembers()
  const before = await readFile(MEMBERS_FILE, 'utf8').catch(() => '')
  if (text !== before) await writeFile(MEMBERS_FILE, text)
  console.error(
    text === before ? 'semantic/members.ts is up to date' : 'semantic/members.ts written',
  )
}
