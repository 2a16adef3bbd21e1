import type { Table } from './prepare/setting.ts'

type Told = { table: Table; summary: string; footer?: string }

/** What every model says of itself to the tile around it; where there is nothing, why. */
export function told({ table, summary, footer }: Told, nothing?: { isSo: boolean; why: string }) {
  return { table, summary, footer, empty: nothing?.isSo ? nothing.why : undefined }
}
