/** The questions that may be asked: Cube's query language, less what only its SQL and designer tools send. */
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from './problem.ts'

export const LIMITS = {
  rows_max: 10_000,
  rows_default: 1_000,
  members_max: 50,
  /** In one group, and in all of them. */
  filters_max: 50,
  conditions_max: 200,
  filter_values_max: 1_000,
  filter_depth_max: 4,
  offset_max: 1_000_000,
} as const

/**
 * No other text reaches Cube as one: it keeps what it wrote in plain objects by these names, and one named `__proto__`
 * would write into every object of the process.
 */
const GRANULARITIES = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']
const Member = Type.String({
  pattern: `^[a-z_]+\\.[a-z0-9_]+(\\.(${GRANULARITIES.join('|')}))?$`,
  maxLength: 128,
})
const Members = Type.Array(Member, { maxItems: LIMITS.members_max })
const FilterValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
const DateRange = Type.Union([
  Type.String(),
  Type.Array(Type.String(), { minItems: 1, maxItems: 2 }),
])
const Direction = Type.Union([Type.Literal('asc'), Type.Literal('desc')])

export const OPERATORS = [
  ...['equals', 'notEquals', 'contains', 'notContains', 'startsWith', 'notStartsWith', 'endsWith'],
  ...['notEndsWith', 'in', 'notIn', 'gt', 'gte', 'lt', 'lte', 'set', 'notSet', 'inDateRange'],
  ...['notInDateRange', 'onTheDate', 'beforeDate', 'beforeOrOnDate', 'afterDate', 'afterOrOnDate'],
]

const Comparison = Type.Object(
  {
    member: Type.Optional(Member),
    dimension: Type.Optional(Member),
    operator: Type.String(),
    values: Type.Optional(Type.Array(FilterValue, { maxItems: LIMITS.filter_values_max })),
  },
  { additionalProperties: false },
)

export type Filter = Static<typeof Comparison> | { and: Filter[] } | { or: Filter[] }

const TimeDimension = Type.Object(
  {
    dimension: Member,
    granularity: Type.Optional(Type.String({ pattern: `^(${GRANULARITIES.join('|')})$` })),
    dateRange: Type.Optional(DateRange),
    compareDateRange: Type.Optional(Type.Array(DateRange, { minItems: 1, maxItems: 4 })),
  },
  { additionalProperties: false },
)

const Shape = Type.Object(
  {
    measures: Type.Optional(Members),
    dimensions: Type.Optional(Members),
    timeDimensions: Type.Optional(Type.Array(TimeDimension, { maxItems: 2 })),
    filters: Type.Optional(Type.Array(Type.Unknown(), { maxItems: LIMITS.filters_max })),
    segments: Type.Optional(Type.Array(Type.String(), { maxItems: 0 })),
    order: Type.Optional(
      Type.Union([
        Type.Record(Type.String(), Direction),
        Type.Array(Type.Tuple([Type.String(), Direction]), { maxItems: LIMITS.members_max }),
      ]),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.rows_max })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: LIMITS.offset_max })),
    timezone: Type.Optional(Type.String({ maxLength: 64 })),
    total: Type.Optional(Type.Boolean()),
    responseFormat: Type.Optional(
      Type.Union([Type.Literal('default'), Type.Literal('compact'), Type.Literal('columnar')]),
    ),
    // Accepted because clients of Cube send it, and ignored: answers are never stale here.
    renewQuery: Type.Optional(Type.Boolean()),
    cache: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

export type CubeQuery = Omit<Static<typeof Shape>, 'filters' | 'renewQuery' | 'cache'> & {
  filters?: Filter[]
}

/** Reads a query from outside, or says which field is wrong. */
export function parseQuery(input: unknown): CubeQuery {
  const value = typeof input === 'string' ? parseJson(input) : input
  if (!Value.Check(Shape, value)) {
    const errors = Value.Errors(Shape, value).map((error) => ({
      field: error.instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: error.message,
    }))
    throw new Problem(400, 'INVALID_QUERY', `The query is not valid: ${wordsOf(errors)}`, {
      errors,
    })
  }
  const { filters, renewQuery: _renew, cache: _cache, ...rest } = value
  return filters === undefined ? rest : { ...rest, filters: parseFilters(filters) }
}

function parseFilters(filters: unknown[]) {
  const parsed = filters.map((filter) => parseFilter(filter, 1))
  const conditions = parsed.reduce((count, filter) => count + filterMembers(filter).length, 0)
  if (conditions <= LIMITS.conditions_max) return parsed
  throw new Problem(
    400,
    'INVALID_QUERY',
    `At most ${LIMITS.conditions_max} filters in all groups together`,
  )
}

/** Every member the query names, without granularity: what is looked up, and what access is decided by. */
export function membersOf(query: CubeQuery): Set<string> {
  const order = Array.isArray(query.order)
    ? query.order.map(([member]) => member)
    : Object.keys(query.order ?? {})
  const named = [
    ...(query.measures ?? []),
    ...(query.dimensions ?? []),
    ...(query.timeDimensions ?? []).map(({ dimension }) => dimension),
    ...(query.filters ?? []).flatMap(filterMembers),
    ...order,
  ]
  return new Set(named.map((member) => member.split('.').slice(0, 2).join('.')))
}

/** Whether the answer depends on the clock: "last 7 days" means other rows tomorrow. */
export function isRelative(query: CubeQuery) {
  const ranges = (query.timeDimensions ?? []).flatMap(({ dateRange, compareDateRange }) => [
    dateRange,
    ...(compareDateRange ?? []),
  ])
  return (
    ranges.some((range) => typeof range === 'string') || (query.filters ?? []).some(hasDateFilter)
  )
}

function parseFilter(input: unknown, depth: number): Filter {
  if (depth > LIMITS.filter_depth_max) {
    throw new Problem(400, 'INVALID_QUERY', `Filters nest at most ${LIMITS.filter_depth_max} deep`)
  }
  if (Value.Check(Comparison, input)) {
    if (OPERATORS.includes(input.operator)) return withValues(input)
    throw new Problem(400, 'INVALID_QUERY', `${input.operator} is not an operator of a filter`)
  }
  const group = groupOf(input)
  if (group === undefined) {
    throw new Problem(
      400,
      'INVALID_QUERY',
      'A filter is {member, operator, values}, {and: […]} or {or: […]}',
    )
  }
  const inner = group.filters
    .slice(0, LIMITS.filters_max)
    .map((filter) => parseFilter(filter, depth + 1))
  return group.kind === 'and' ? { and: inner } : { or: inner }
}

/** What looks into a text needs one: Cube writes nothing in its place, which is no SQL. */
function withValues(filter: Static<typeof Comparison>) {
  const isText = /(contains|with)$/i.test(filter.operator)
  const isGiven = filter.values?.length && filter.values.every((value) => value !== null)
  if (!isText || isGiven) return filter
  throw new Problem(400, 'INVALID_QUERY', `${filter.operator} needs values, and none of them empty`)
}

function groupOf(input: unknown) {
  if (typeof input !== 'object' || input === null) return undefined
  const [entry, ...others] = Object.entries(input)
  if (entry === undefined || others.length > 0 || !Array.isArray(entry[1])) return undefined
  const [kind, filters] = entry
  if (filters.length > LIMITS.filters_max) {
    throw new Problem(400, 'INVALID_QUERY', `At most ${LIMITS.filters_max} filters in one group`)
  }
  return kind === 'and' || kind === 'or' ? { kind, filters } : undefined
}

function filterMembers(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(filterMembers)
  if ('or' in filter) return filter.or.flatMap(filterMembers)
  return [filter.member ?? filter.dimension ?? '']
}

function hasDateFilter(filter: Filter): boolean {
  if ('and' in filter) return filter.and.some(hasDateFilter)
  if ('or' in filter) return filter.or.some(hasDateFilter)
  return /date/i.test(filter.operator)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem(400, 'INVALID_QUERY', 'The query is not JSON', { cause })
  }
}

function wordsOf(errors: { field: string; message: string }[]) {
  const [first] = errors
  return first === undefined ? 'unknown field' : `${first.field || 'query'} ${first.message}`
}
