import { createContext } from 'svelte'

/** The hour a reader points at: one for all time charts of a page. */
export class Crosshair {
  hour: number | null = $state(null)
}

export const [getCrosshair, setCrosshair] = createContext<Crosshair>()
