import { loadPanels, type Board, type Panels } from '#lib/board.svelte.ts'
import { pick } from './load.ts'

/** Asks for these panels in one batch and puts the answers on the board, unless the board went on to other questions. */
export async function refresh(
  board: Board,
  panels: Panels,
  isCurrent: () => boolean,
  keys: readonly string[],
  now: Date,
) {
  const fresh = await loadPanels(
    fetch,
    pick(panels, (key) => keys.includes(key)),
    now,
  )
  const isFailed = Object.values(fresh).some((results) => results.some((result) => !result.ok))
  if (!isFailed && isCurrent()) board.results = { ...board.results, ...fresh }
}
