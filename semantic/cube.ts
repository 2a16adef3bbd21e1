/**
 * Cube, asked in-process: it checks the query against the model, writes the SQL and names the columns. Running the
 * SQL is ours (`run`), so none of Cube's own queue, result cache or background renewal is between a question and
 * its rows: they answer stale first, and their cache never forgets (its entries live as long as the process).
 */
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { type Scope } from './access.ts'
import { NOTHING_SPENT, type Asking, type Run, type Spent } from './clickhouse.ts'
import type { Daily } from './daily.ts'
import { createDialect } from './dialect.ts'
import { MODEL_FOLDER, readModel } from './model-files.ts'
import { loadCube } from './native.ts'
import { createPlans, type Wrapper } from './plan.ts'
import { Problem } from './problem.ts'
import { isRelative, LIMITS, type CubeQuery } from './query.ts'
import { shapeOf } from './shape.ts'
import { execute, type Context, type Scoped, type SqlQuery } from './statement.ts'

const Member = Type.Object({
  name: Type.String(),
  title: Type.String(),
  shortTitle: Type.String(),
  description: Type.Optional(Type.String()),
  type: Type.String(),
  /** What a view's member is in its cube. */
  aliasMember: Type.Optional(Type.String()),
  meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  drillMembers: Type.Optional(Type.Array(Type.String())),
})

const View = Type.Object({
  name: Type.String(),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  meta: Type.Object({
    title_zh: Type.String(),
    description_zh: Type.String(),
    /** Which parts of the change stream can change an answer. */
    topics: Type.Array(Type.String(), { minItems: 1 }),
    /** The answer changes as time passes, without any change of data. */
    moves_with_time: Type.Optional(Type.Boolean()),
    /** What it tells of sales is of so many whole weeks up to yesterday. */
    whole_weeks: Type.Optional(Type.Integer({ minimum: 1 })),
    forbidden_to: Type.Optional(Type.Array(Type.String())),
  }),
  measures: Type.Array(Member),
  dimensions: Type.Array(Member),
})

const Meta = Type.Object({ cubes: Type.Array(View) })

const Result = Type.Object({
  data: Type.Unknown(),
  annotation: Type.Unknown(),
  query: Type.Unknown(),
})
const Loaded = Type.Object({
  queryType: Type.String(),
  /** What Cube's own client pivots by. */
  pivotQuery: Type.Optional(Type.Unknown()),
  results: Type.Array(Result, { minItems: 1 }),
})
const Failed = Type.Object({ error: Type.String() })

export type ViewMeta = Static<typeof View>
export type Loaded = Static<typeof Loaded> & { spent: Spent }

/** How a question is to be answered: from days, or from the entries; and for whom. */
export type How = { daily?: Daily | null; ofEntries?: boolean; asking?: Asking }

/** Of Cube's SQL server, what starting it takes. */
export type SqlPart = {
  isNative: boolean
  server: {
    init(options: {
      pgSqlPort: number
      checkSqlAuth(
        request: unknown,
        user: string | null,
        password: string | null,
      ): Promise<{ password: string; securityContext: Scoped }>
      canSwitchSqlUser(from: string | null, to: string | null): Promise<boolean>
    }): Promise<void>
  }
}

export type Cube = {
  sql: SqlPart
  views(): Promise<ViewMeta[]>
  /** Cube's own `/meta`, as its clients read it. */
  meta(): Promise<{ cubes: ViewMeta[] }>
  load(query: CubeQuery, scope: Scope, how?: How): Promise<Loaded>
}

export function createCube(run: Run): Cube {
  const { gateway, sql, native } = createGateway(run)
  const plans = createPlans(native)

  async function meta() {
    const message = await new Promise<unknown>((resolve, reject) => {
      const context = { securityContext: {}, requestId: 'meta' }
      gateway.meta({ context, res: resolve, onlyViews: true }).catch(reject)
    })
    if (!Value.Check(Meta, message)) throw new Error(`The model is not valid: ${reasonOf(message)}`)
    return message
  }

  async function load(
    query: CubeQuery,
    scope: Scope,
    { daily = null, ofEntries = false, asking }: How = {},
  ): Promise<Loaded> {
    // Cube would count in a second query what the first one knows.
    const { total: withTotal, ...rest } = query
    const shape = shapeOf(rest)
    const asked = { limit: LIMITS.rows_default, ...shape.query }
    const context: Context = {
      securityContext: { scope: scope.rows },
      requestId: 'load',
      daily,
      ofEntries,
      shape,
      asking,
      spent: NOTHING_SPENT,
      rowsBeforeLimit: 0,
      executed: [],
    }
    // What is relative to the clock is written anew.
    const key = isRelative(asked) ? null : JSON.stringify([asked, scope.rows])
    const plan = key === null ? undefined : plans.take(key)
    const wrapped = plan ? plan((query) => execute(run, query), context) : ask(asked, context)
    const wrapper = await wrapped.catch((error: unknown) => {
      throw context.failure ?? error
    })
    if (key !== null && !plan) plans.keep(key, wrapper, context.executed)
    const text = Buffer.from(await wrapper.getFinalResult()).toString('utf8')
    const final: unknown = JSON.parse(shape.text(text))
    if (!Value.Check(Loaded, final)) throw new Error('Cube answered in a shape that is not known')
    // Periods that are compared have no common total.
    const results =
      withTotal && final.results.length === 1
        ? final.results.map((result) => ({ ...result, total: context.rowsBeforeLimit }))
        : final.results
    return { ...final, results, spent: context.spent ?? NOTHING_SPENT }
  }

  async function ask(query: CubeQuery, context: Context): Promise<Wrapper> {
    const message = await new Promise<unknown>((resolve, reject) => {
      gateway
        .load({ query, queryType: 'multi', cacheMode: 'no-cache', context, res: resolve })
        .catch(reject)
    })
    if (!isWrapper(message)) throw context.failure ?? refusal(message)
    return message
  }

  return { sql, meta, views: async () => (await meta()).cubes, load }
}

function createGateway(run: Run) {
  const { serverCore, apiGateway, native, isNative } = loadCube()
  const dialect = createDialect()
  const core = new serverCore.CubejsServerCore({
    apiSecret: 'tokens are verified before Cube is asked',
    driverFactory: () => ({ type: 'clickhouse' }),
    // @ts-expect-error Cube's types ask for a query, its code for the class of queries.
    dialectFactory: () => dialect,
    repositoryFactory: () => ({ localPath: () => MODEL_FOLDER, dataSchemaFiles: readModel }),
    cacheAndQueueDriver: 'memory',
    scheduledRefreshTimer: false,
    telemetry: false,
    logger: () => {},
  })
  const gateway = new apiGateway.ApiGateway(
    'tokens are verified before Cube is asked',
    (context) => core.getCompilerApi(context),
    async () => ({ executeQuery: (query: SqlQuery) => execute(run, query) }),
    () => {},
    {
      standalone: true,
      basePath: '/cubejs-api',
      dataSourceStorage: null,
      refreshScheduler: null,
      enforceSecurityChecks: true,
      contextToApiScopes: async ({ isSql }) => ['data', 'meta', ...(isSql ? ['sql' as const] : [])],
    },
  )
  return { gateway, native, sql: { isNative, server: gateway.getSQLServer() } }
}

function isWrapper(message: unknown): message is Wrapper {
  return typeof message === 'object' && message !== null && 'getFinalResult' in message
}

/** Cube's own refusal: a query it does not understand. */
function refusal(message: unknown) {
  return new Problem(400, 'INVALID_QUERY', reasonOf(message))
}

function reasonOf(message: unknown) {
  return Value.Check(Failed, message) ? message.error.replace(/^(User)?Error: /, '') : 'unknown'
}
