/** What a range of a table amounts to: how many rows, a hash of all of them in no order, and their sums. */
import type { ClickHouseClient } from '@clickhouse/client'
import { quoteClickHouse, quotePostgres, rowHash } from './canonical.ts'
import type { Moment } from './moment.ts'
import { RANGE_BITS, type AuditedTable, type Span } from './tables.ts'

export type Digest = { range: bigint; day: string; count: bigint; hash: bigint; sums: bigint[] }
/** By range and day. */
export type Digests = Map<string, Digest>

export type Compared = { postgres: Digests; clickhouse: Digests }

/** One thread: the audit is in no hurry and people are. */
export const QUERY_SETTINGS = { max_threads: 1 } as const

type PostgresRow = { range: string; day: string; count: string; hash: string; sums: string[] }
type ClickHouseRow = [
  range: string,
  day: string,
  count: string,
  hash: string,
  sums: string[],
  changed: string[],
]

/** Both sides of a span at a moment. Rows of a mirror that have changed since are left out of both. */
export async function readDigests(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  span: Span,
): Promise<Compared> {
  if (table.target.kind === 'fact') {
    const [postgres, { digests }] = await Promise.all([
      readPostgres(moment, table, span, []),
      readClickHouse(client, moment, table, span),
    ])
    return { postgres, clickhouse: digests }
  }
  const { digests, changed } = await readClickHouse(client, moment, table, span)
  return { postgres: await readPostgres(moment, table, span, changed), clickhouse: digests }
}

async function readPostgres(
  { sql, spent }: Moment,
  table: AuditedTable,
  span: Span,
  without: string[],
): Promise<Digests> {
  const startedAt = performance.now()
  const sums = table.sums.map((name) => `sum(${quotePostgres(name)})::text`)
  const rows = await sql.unsafe<PostgresRow[]>(
    `select range::text as range, day, count(*)::text as count, sum(hash)::text as hash,
       json_build_array(${sums.join(', ')}) as sums
     from (
       select ${rangeExpression(table).postgres} as range,
         ${table.hasDay ? 'business_day::text' : `''`} as day,
         ${[...table.sums.map(quotePostgres), `${rowHash(table.columns).postgres} as hash`].join(', ')}
       from ${sourceName(table)}
       where ${spanCondition(table).postgres} and ${withoutCondition(table)}
     ) as one
     group by range, day`,
    [span.from.toString(), span.to.toString(), JSON.stringify(without)],
  )
  spent.postgres_ms += performance.now() - startedAt
  spent.rows += rows.reduce((sum, row) => sum + Number(row.count), 0)
  return keyed(rows.map((row) => digestOf(row.range, row.day, row.count, row.hash, row.sums)))
}

async function readClickHouse(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  span: Span,
) {
  const startedAt = performance.now()
  const result = await client.query({
    query: table.target.kind === 'fact' ? factQuery(table) : mirrorQuery(table),
    query_params: {
      from: span.from.toString(),
      to: span.to.toString(),
      bound: moment.bound.toString(),
    },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const rows = await result.json<ClickHouseRow>()
  moment.spent.clickhouse_ms += performance.now() - startedAt
  return {
    digests: keyed(
      rows.map(([range, day, count, hash, sums]) => digestOf(range, day, count, hash, sums)),
    ),
    changed: rows.flatMap((row) => row[5]),
  }
}

function factQuery(table: AuditedTable): string {
  const sums = table.sums.map((name) => `toString(sum(${quoteClickHouse(name)}))`)
  return `
    select toString(range), day, toString(count()), toString(sum(hash)), [${sums.join(', ')}]::Array(String),
      []::Array(String)
    from (
      select ${rangeExpression(table).clickhouse} as range,
        ${table.hasDay ? 'toString(business_day)' : `''`} as day,
        ${[...table.sums.map(quoteClickHouse), `${rowHash(table.columns).clickhouse} as hash`].join(', ')}
      from ${quoteClickHouse(table.target.name)}
      where ${spanCondition(table).clickhouse} and _version < {bound: UInt128}
    )
    group by range, day`
}

/** Not FINAL: it hides deleted keys, and a key deleted since the moment must be left out of both sides. */
function mirrorQuery(table: AuditedTable): string {
  return `
    select toString(range), '', toString(countIf(is_there)), toString(sumIf(hash, is_there)), []::Array(String),
      groupArrayIf(toString(key), version >= {bound: UInt128})
    from (
      select ${table.key.clickhouse} as key, any(${rangeExpression(table).clickhouse}) as range,
        max(_version) as version, argMax(${rowHash(table.columns).clickhouse}, _version) as hash,
        version < {bound: UInt128} and argMax(_deleted, _version) = 0 as is_there
      from ${quoteClickHouse(table.target.name)}
      where ${spanCondition(table).clickhouse}
      group by key
    )
    group by range`
}

export function sourceName(table: AuditedTable): string {
  return `${quotePostgres(table.schema)}.${quotePostgres(table.name)}`
}

export function rangeExpression({ hasId, key }: AuditedTable): {
  postgres: string
  clickhouse: string
} {
  if (!hasId) return { postgres: '0', clickhouse: '0' }
  return {
    postgres: `${key.postgres}::bigint >> ${RANGE_BITS}`,
    clickhouse: `bitShiftRight(toInt64(${key.clickhouse}), ${RANGE_BITS})`,
  }
}

/** A table without ids is one range, whatever span is asked for; the parameters are still given. */
export function spanCondition({ hasId, key }: AuditedTable): {
  postgres: string
  clickhouse: string
} {
  const postgres = hasId ? key.postgres : '0'
  const clickhouse = hasId ? key.clickhouse : '0'
  return {
    postgres: `${postgres} >= $1::bigint and ${postgres} < $2::bigint`,
    clickhouse: `${clickhouse} >= {from: Int64} and ${clickhouse} < {to: Int64}`,
  }
}

/** Given as JSON, which needs no knowledge of the server's array types. */
export function withoutCondition({ key }: AuditedTable): string {
  return `${key.postgres} <> all (
    array(select jsonb_array_elements_text($3::text::jsonb)::${key.postgresType})
  )`
}

/** Hashes add up modulo 2^64: ClickHouse's sum wraps, Postgres' does not. */
function digestOf(range: string, day: string, count: string, hash: string, sums: string[]): Digest {
  return {
    range: BigInt(range),
    day,
    count: BigInt(count),
    hash: BigInt.asIntN(64, BigInt(hash)),
    sums: sums.map((sum) => BigInt(sum)),
  }
}

function keyed(digests: Digest[]): Digests {
  return new Map(
    digests
      .filter((digest) => digest.count > 0n)
      .map((digest) => [`${digest.range}/${digest.day}`, digest]),
  )
}
