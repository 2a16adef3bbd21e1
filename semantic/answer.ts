/**
 * From a question to its answer: who asks, what may be seen, how new the data is, and then Cube. An answer is kept
 * under the commits that last touched the view's topics, and given only where they are the last when it is asked. So it
 * is at least as new as the watermark on it, and a change that was announced is in the next answer.
 */
import { isForbidden, shutOf, type Shut, type Scope } from './access.ts'
import { CACHE_LIMITS, createCache, type Cache, type CacheLimits } from './cache.ts'
import { NOTHING_SPENT, type Asking, type Spent } from './clickhouse.ts'
import type { Cube, Loaded, ViewMeta } from './cube.ts'
import { createIsOfEntries, createToDaily, type Daily, type ToDaily } from './daily.ts'
import { createEarly, type Standing } from './early.ts'
import type { Instance } from './instance.ts'
import { Problem } from './problem.ts'
import { isRelative, membersOf, type CubeQuery } from './query.ts'
import { checkZone, snapQuery } from './time.ts'
import type { Checkpoint, Watermark } from './watermark.ts'

/** What an answer cost, for whoever wants it explained. Out of the cache nothing is read and nobody waits. */
export type Cost = {
  ms: number
  rows_read: number
  bytes_read: number
  /** In line, behind other questions. */
  wait_ms: number
  cached: boolean
  /** From what is kept of each day, or from the entries themselves. */
  route: 'daily' | 'facts'
}
export type Answer = { loaded: Loaded; watermark: Watermark | null; cost: Cost }

export type Answers = {
  answer(query: CubeQuery, scope: Scope, standing: Standing, asking?: Asking): Promise<Answer>
  views(scope: Scope): ViewMeta[]
  cache: Cache<Loaded>
  counts: Counts
}

export type Counts = { answered: number; cached: number; daily: number; refused: number }

/** How long an answer that depends on the clock is good for. */
const CLOCK_STEP_MS = 60_000

type Parts = {
  cube: Cube
  views: ViewMeta[]
  instance: () => Promise<Instance>
  toDaily?: ToDaily
  limits?: CacheLimits
  now?: () => number
}

export function createAnswers({
  cube,
  views,
  instance,
  toDaily = createToDaily(views),
  limits = CACHE_LIMITS,
  now = Date.now,
}: Parts): Answers {
  const cache = createCache<Loaded>((loaded) => JSON.stringify(loaded.results).length, limits)
  const early = createEarly(cache)
  const viewByName = new Map(views.map((view) => [view.name, view]))
  const viewByMember = new Map(
    views.flatMap((view) =>
      [...view.measures, ...view.dimensions].map(({ name }) => [name, view.name] as const),
    ),
  )

  const shutTo = new Map(
    views.flatMap(({ dimensions }) => dimensions.map(({ name, meta }) => [name, shutOf(meta)])),
  )

  const isOfEntries = createIsOfEntries(views)
  const { counts, counted } = createCounts()

  async function compute(
    query: CubeQuery,
    scope: Scope,
    standing: Standing,
    asking?: Asking,
  ): Promise<Answer> {
    const started = performance.now()
    const asked = viewsOf(query, viewByMember).map((name) => getView(viewByName, name))
    for (const view of asked) refuseForbidden(view, scope)
    refuseShutMembers(query, shutTo, scope)
    const { time_zone } = await instance()
    const timezone = query.timezone ?? time_zone
    if (timezone !== time_zone) checkZone(timezone)
    const complete = { ...snapQuery(query, timezone), timezone }
    const daily = toDaily(complete, scope, time_zone)
    const ofEntries = daily === null && isOfEntries(complete)
    const load = (signal?: AbortSignal) =>
      cube.load(complete, scope, {
        daily,
        ofEntries,
        ...(asking && { asking: { ...asking, signal } }),
      })
    const minute = Math.floor(now() / CLOCK_STEP_MS)
    const { value, cached, checkpoint } = await early.get(
      (at) => keyOf(complete, scope, asked, at, minute),
      load,
      standing,
      asking?.signal,
    )
    return {
      loaded: value,
      watermark: checkpoint && { lsn: checkpoint.lsn, commit_at: checkpoint.commit_at },
      cost: costOf(started, cached ? NOTHING_SPENT : value.spent, cached, daily),
    }
  }

  return {
    answer: counted(compute),
    views: (scope) => openTo(views, scope),
    cache,
    counts,
  }
}

function openTo(views: ViewMeta[], scope: Scope): ViewMeta[] {
  return views
    .filter((view) => !isForbidden(shutOf(view.meta), scope))
    .map((view) => ({
      ...view,
      dimensions: view.dimensions.filter(({ meta }) => !isForbidden(shutOf(meta), scope)),
    }))
}

function createCounts() {
  const counts: Counts = { answered: 0, cached: 0, daily: 0, refused: 0 }

  function counted(answer: Answers['answer']): Answers['answer'] {
    return async (...asked) => {
      try {
        const answered = await answer(...asked)
        counts.answered += 1
        if (answered.cost.cached) counts.cached += 1
        if (answered.cost.route === 'daily') counts.daily += 1
        return answered
      } catch (error) {
        counts.refused += 1
        throw error
      }
    }
  }
  return { counts, counted }
}

function costOf(
  started: number,
  { rowsRead, bytesRead, waitMs }: Spent,
  cached: boolean,
  daily: Daily | null,
): Cost {
  return {
    ms: tenths(performance.now() - started),
    rows_read: rowsRead,
    bytes_read: bytesRead,
    wait_ms: tenths(waitMs),
    cached,
    route: daily ? 'daily' : 'facts',
  }
}

function tenths(ms: number) {
  return Math.round(ms * 10) / 10
}

/** Only public members can be named: a private cube's members are as unknown as a typing error. */
function viewsOf(query: CubeQuery, viewByMember: Map<string, string>): string[] {
  const members = [...membersOf(query)]
  const unknown = members.filter((member) => !viewByMember.has(member))
  if (unknown.length > 0) {
    throw new Problem(400, 'UNKNOWN_MEMBER', `There is no ${unknown.join(', no ')}`, {
      errors: unknown.map((field) => ({
        field,
        message: 'is not a measure or dimension of any view',
      })),
    })
  }
  if (members.length === 0) throw new Problem(400, 'INVALID_QUERY', 'The query asks for nothing')
  return [...new Set(members.flatMap((member) => viewByMember.get(member) ?? []))].toSorted()
}

function getView(viewByName: Map<string, ViewMeta>, name: string) {
  const view = viewByName.get(name)
  if (view === undefined) throw new Error(`view ${name} has members but is not there`)
  return view
}

function refuseForbidden(view: ViewMeta, scope: Scope) {
  if (!isForbidden(shutOf(view.meta), scope)) return
  throw new Problem(403, 'VIEW_FORBIDDEN', `${view.title} is not open to the role ${scope.role}`)
}

/** A view may be open and one of its columns not: who bought is a person's name. */
function refuseShutMembers(query: CubeQuery, shutTo: Map<string, Shut>, scope: Scope) {
  for (const field of membersOf(query)) {
    const shut = shutTo.get(field)
    if (!shut || !isForbidden(shut, scope)) continue
    throw new Problem(403, 'MEMBER_FORBIDDEN', `${field} is not open to the role ${scope.role}`, {
      errors: [{ field, message: 'is not open to this role; leave it out' }],
    })
  }
}

function keyOf(
  query: CubeQuery,
  scope: Scope,
  views: ViewMeta[],
  checkpoint: Checkpoint,
  minute: number,
) {
  const topics = [...new Set(views.flatMap((view) => view.meta.topics))].toSorted()
  const movesWithTime =
    isRelative(query) || views.some((view) => view.meta.moves_with_time === true)
  return JSON.stringify([
    query,
    scope.rows,
    checkpoint.epoch,
    topics.map((topic) => checkpoint.topics[topic] ?? null),
    movesWithTime ? minute : null,
  ])
}
