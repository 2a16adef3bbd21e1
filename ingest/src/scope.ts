/** What is carried where: the product's own tables, or whatever a pattern finds in a database never seen. */
import { parseArgs } from 'node:util'

export const PRODUCT_DATABASE = 'analytics'
/** The publication `sql/postgres` makes: what of the core is carried at all. */
const PRODUCT_PUBLICATION = 'tributary'
const NAME = /^[a-z0-9_]{1,40}$/

export type Scope = {
  /** The ClickHouse database. */
  database: string
  /** The pipe when the environment names none: one for each database. */
  pipe: string
  publication: string
  /** `schema.table` with stars; null for the product, whose tables are defined in `sql/`. */
  tables: string[] | null
}

export type Flags = {
  scope: Scope
  isFresh: boolean
  isCheck: boolean
  resync: string | null
}

export class WrongUsage extends Error {
  constructor(reason: string) {
    super(
      `${reason}\nusage: npm run ingest -- --tables 'public.*' --database NAME [--check | --resync TABLE | --resnapshot]`,
    )
    this.name = 'WrongUsage'
  }
}

export function readFlags(args: string[]): Flags {
  const values = parse(args)
  const { tables, database } = values
  const modes = [values.check, values.resnapshot, values.resync !== undefined].filter(Boolean)
  if (modes.length > 1)
    throw new WrongUsage('--check, --resync and --resnapshot exclude each other.')
  if (tables && !database) throw new WrongUsage('--tables needs --database.')
  if (database !== undefined && !NAME.test(database))
    throw new WrongUsage('--database takes up to 40 small letters, digits and underscores.')
  if (database !== undefined && !tables && values.resync === undefined)
    throw new WrongUsage("--database needs --tables, for instance 'public.*'.")
  for (const pattern of [...(tables ?? []), ...(values.resync ? [values.resync] : [])]) {
    if (!/^[^.]+\..+$/.test(pattern)) throw new WrongUsage(`'${pattern}' is not schema.table.`)
  }
  return {
    scope: scopeOf(tables, database),
    isFresh: values.resnapshot,
    isCheck: values.check,
    resync: values.resync ?? null,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        tables: { type: 'string', multiple: true },
        database: { type: 'string' },
        resnapshot: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        resync: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error))
  }
}

function scopeOf(tables: string[] | undefined, database: string | undefined): Scope {
  if (database === undefined) {
    return {
      database: PRODUCT_DATABASE,
      pipe: 'main',
      publication: PRODUCT_PUBLICATION,
      tables: null,
    }
  }
  return {
    database,
    pipe: database,
    publication: `tributary_${database}`,
    tables: tables?.flatMap((pattern) => pattern.split(',')) ?? [],
  }
}
