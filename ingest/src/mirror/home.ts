/**
 * Under which name a table of the source is kept. It is told by its oid, which a rename leaves as it is: rows
 * find their mirror whether the mirror has followed already or not.
 */
import type { Table } from '../change.ts'
import { sourceName, type Context } from '../context.ts'
import { sourceOf } from '../sink/targets.ts'
import type { Target } from '../target.ts'

export function homesOf(targets: Map<string, Target>): Map<number, string> {
  return new Map(
    [...targets].flatMap(([source, target]) =>
      target.source ? [[target.source.oid, source]] : [],
    ),
  )
}

/** Tables that `sql/` defines have no oid on them and never another name. */
export function homeOf({ homes }: Context, { relation, ...table }: Table): string {
  return (relation && homes.get(relation.oid)) ?? sourceName(table)
}

/** What is known of a target from now on. */
export function keep({ targets, homes }: Context, target: Target) {
  const source = sourceOf(target)
  targets.set(source, target)
  // A table that was dropped may have had the mirror before.
  for (const [oid, kept] of homes) if (kept === source) homes.delete(oid)
  if (target.source) homes.set(target.source.oid, source)
}
