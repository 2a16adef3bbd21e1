import type { Dashboard, PivotTile } from '../../../../dashboards/define.ts'
import { loadBatch } from '#lib/cube.ts'
import { askerFor } from './asker.ts'
import { viewOf } from './member.ts'
import { byBucket } from './read.ts'
import { periodOf, type Scope } from './scope.ts'
import { pivotTurn } from './turn.ts'

/** Rows are asked in blocks: fewer than the semantic layer's limit of rows in one answer allows. */
const BLOCK_ROWS = 100
const CELLS_MAX = 10_000
/** A scroll that goes on asks for nothing; where it rests is what is read. */
const REST_MS = 60

type Asked = { dashboard: Dashboard; tile: PivotTile; scope: Scope; asOf: Date }
type Cells = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The cells of a pivot, row by row, as far as they have been scrolled to. */
export class PivotCells {
  /** Row → bucket → value. A row that is not there has not been asked for yet. */
  cells: Cells = $state.raw(new Map())

  #question: Asked
  #ids: readonly string[] = []
  #version = ''
  #asked = new Set<number>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(question: Asked) {
    this.#question = question
  }

  /** Other rows, another question or newer data: what is known is kept on the screen until it is asked again. */
  renew(question: Asked, ids: readonly string[], version: string) {
    if (version === this.#version) return
    const isOther = version.split('|')[0] !== this.#version.split('|')[0]
    this.#version = version
    this.#question = question
    this.#ids = ids
    this.#asked = new Set()
    if (isOther) this.cells = new Map()
  }

  /** These rows are on the screen. */
  show(first: number, last: number) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const rows = this.#blockRows()
      for (let block = Math.floor(first / rows); block * rows <= last; block++)
        void this.#ask(block)
    }, REST_MS)
  }

  stop() {
    clearTimeout(this.#timer)
    this.#version = ''
  }

  #blockRows() {
    const { scope, asOf } = this.#question
    const columns = periodOf(scope, asOf).buckets.length
    return Math.max(1, Math.min(BLOCK_ROWS, Math.floor(CELLS_MAX / columns)))
  }

  async #ask(block: number) {
    if (this.#asked.has(block)) return
    this.#asked.add(block)
    const rows = this.#blockRows()
    const ids = this.#ids.slice(block * rows, (block + 1) * rows).filter((id) => id !== '')
    if (ids.length === 0) return

    const version = this.#version
    const { dashboard, tile, scope, asOf } = this.#question
    const { rows: by, measure } = pivotTurn(tile, scope)
    const { over } = askerFor({ dashboard, scope, cut: () => asOf, known: () => [] })
    const view = viewOf(measure.measure)
    const { range, grain } = periodOf(scope, asOf)
    const query = over(view, range, {
      measures: [measure.measure],
      dimensions: [by.id],
      filters: [{ member: by.id, operator: 'equals', values: ids }],
      limit: CELLS_MAX,
      grain,
      except: by.id,
    })
    const [result] = await loadBatch(fetch, [query])
    if (version !== this.#version) return
    if (!result?.ok) {
      // Asked again when it is next scrolled to.
      this.#asked.delete(block)
      return
    }
    const own = Map.groupBy(result.answer.rows, (row) => row[by.id])
    const fresh = new Map(this.cells)
    for (const id of ids) fresh.set(id, byBucket(own.get(id) ?? [], view, grain, measure.measure))
    this.cells = fresh
  }
}
