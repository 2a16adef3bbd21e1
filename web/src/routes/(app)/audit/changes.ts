import type { AuditEvent } from '#lib/api/client.ts'

export type Change = { field: string; before: string; after: string }

const NOTHING = '—'

/** The fields of a record that an event changed; one that only began or ended changed none. */
export function changesOf({ before, after }: Pick<AuditEvent, 'before' | 'after'>): Change[] {
  if (before === null || after === null) return []
  const earlier = new Map(Object.entries(before))
  return Object.entries(after).flatMap(([field, value]) => {
    const change = { field, before: textOf(earlier.get(field)), after: textOf(value) }
    return change.before === change.after ? [] : [change]
  })
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return NOTHING
  return typeof value === 'string' ? value : JSON.stringify(value)
}
