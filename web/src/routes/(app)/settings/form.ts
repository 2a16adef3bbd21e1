import type { Said } from './parse.ts'

/** What came of a form of the page: which one it was, and what was wrong with it. */
export type Outcome = {
  of: string
  is_saved: boolean
  said: Said | null
  code: string | null
  fields: string[]
}
