/**
 * What the native binary does with the rows of an answer: gives each column its member's name, writes times as
 * ISO, and lays the rows out as the client asked. The input is Cube's own transform request.
 */
type Annotation = Record<string, { type?: string } | undefined>

type TimeDimension = { dimension: string; granularity?: string; dateRange?: string | string[] }

export type TransformRequest = {
  aliasToMemberNameMap: Record<string, string>
  annotation: Annotation
  query: { measures?: string[]; dimensions?: string[]; timeDimensions?: TimeDimension[] }
  queryType?: string
  resType?: string
}

type Columnar = { members: string[]; columns: unknown[][] }

type Row = Record<string, unknown>

const ISO_DATE_TIME_LENGTH = '2026-01-01T00:00:00.000'.length

/** One answer with its data in it. */
export function finalResult(
  request: TransformRequest,
  rows: Uint8Array | Columnar,
  result: object,
) {
  return { ...result, data: layOut(request, columnarOf(rows)) }
}

/** Several answers of one request (comparisons), in order. */
export function finalResults(
  requests: TransformRequest[],
  rows: (Uint8Array | Columnar)[],
  response: { results: object[] },
) {
  const results = requests.map((request, index) =>
    finalResult(
      request,
      rows[index] ?? { members: [], columns: [] },
      response.results[index] ?? {},
    ),
  )
  return { ...response, pivotQuery: pivotOf(requests), results }
}

/** What a client lays all results out by: periods that are compared are one more dimension. */
function pivotOf(requests: TransformRequest[]) {
  const [first] = requests
  if (first === undefined) return {}
  const { query, queryType } = first
  if (queryType === 'compareDateRangeQuery') {
    const dimensions = ['compareDateRange', ...(query.dimensions ?? [])]
    return { ...query, dimensions, queryType }
  }
  if (queryType !== 'blendingQuery') return { ...query, queryType }
  const all = (kind: 'measures' | 'dimensions') => [
    ...new Set(requests.flatMap((request) => request.query[kind] ?? [])),
  ]
  const [time] = query.timeDimensions ?? []
  return {
    measures: all('measures'),
    dimensions: all('dimensions'),
    timeDimensions: time ? [{ ...time, dimension: 'time' }] : [],
    queryType,
  }
}

function columnarOf(rows: Uint8Array | Columnar): Columnar {
  return rows instanceof Uint8Array ? JSON.parse(Buffer.from(rows).toString('utf8')) : rows
}

function layOut(request: TransformRequest, columnar: Columnar) {
  const columns = namedColumns(request, columnar)
  const names = [...columns.keys()]
  const count = columnar.columns[0]?.length ?? 0
  if (request.resType === 'columnar') {
    return { members: names, columns: [...columns.values()] }
  }
  const values = [...columns.values()]
  if (request.resType === 'compact') {
    return {
      members: names,
      dataset: Array.from({ length: count }, (_, row) => values.map((column) => column[row])),
    }
  }
  return Array.from({ length: count }, (_, row): Row => {
    return Object.fromEntries(names.map((name, index) => [name, values[index]?.[row]]))
  })
}

function namedColumns(request: TransformRequest, columnar: Columnar) {
  const columns = new Map<string, unknown[]>()
  const dimensions = request.query.dimensions ?? []
  const count = columnar.columns[0]?.length ?? 0
  for (const [index, alias] of columnar.members.entries()) {
    const member = request.aliasToMemberNameMap[alias]
    const annotation = member === undefined ? undefined : request.annotation[member]
    if (member === undefined || annotation === undefined) {
      throw new Error(`You requested hidden member: '${member ?? alias}'`)
    }
    const source = columnar.columns[index] ?? []
    const values = annotation.type === 'time' ? source.map(isoTime) : source
    columns.set(member, values)
    // A time dimension is also answered without its granularity: clients of Cube rely on it.
    const [view, name, granularity] = member.split('.')
    if (granularity !== undefined && !dimensions.includes(`${view}.${name}`)) {
      columns.set(`${view}.${name}`, values)
    }
  }
  const time = request.query.timeDimensions?.[0]
  if (request.queryType === 'compareDateRangeQuery') {
    const range = [time?.dateRange ?? []].flat().join(' - ')
    columns.set(
      'compareDateRange',
      Array.from({ length: count }, () => range),
    )
  }
  if (request.queryType === 'blendingQuery' && time) {
    const blended = columns.get(`${time.dimension}.${time.granularity}`) ?? []
    columns.set(`time.${time.granularity}`, blended)
  }
  return columns
}

/** `2026-01-01 08:00:00` in the query's time zone, as ISO with milliseconds and no offset. */
function isoTime(value: unknown) {
  if (typeof value !== 'string') return value
  const iso = value.replace(' ', 'T')
  if (iso.length === 10) return `${iso}T00:00:00.000`
  return (iso.includes('.') ? iso : `${iso}.`)
    .padEnd(ISO_DATE_TIME_LENGTH, '0')
    .slice(0, ISO_DATE_TIME_LENGTH)
}
