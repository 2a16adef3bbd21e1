import type { Attachment } from 'svelte/attachments'
import type { Board } from '#lib/board.svelte.ts'

/** Keeps all panels under a tile fresh while it is on screen. Made once per tile: made anew, it would lose sight of it. */
export function watch(board: Board, panels: readonly string[]): Attachment<HTMLElement> {
  return (node) => {
    const stops = panels.map((panel) => board.visible(panel)(node))
    return () => stops.forEach((stop) => stop?.())
  }
}
