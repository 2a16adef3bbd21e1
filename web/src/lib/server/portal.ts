import { error } from '@sveltejs/kit'
import { ask } from './core.ts'
import { log } from './log.ts'

type Distributor = {
  id: number
  name: string
  parent_id: number | null
  grade: string
  status: string
}
type Page = { items: Distributor[]; next: number | null }
export type Team = { name: string; grade: string; children: Distributor[] }

const PAGE = 500
/** Two thousand below one distributor; who is past them is not listed by name. */
const PAGES_MAX = 4

/** The distributor himself and those directly below, as core-api lets him see them. */
export async function teamOf(session: string, distributor_id: number): Promise<Team> {
  const nodes: Distributor[] = []
  let after: number | null = 0
  for (let page = 0; page < PAGES_MAX && after !== null; page += 1) {
    const { items, next }: Page = await ask<Page>(
      `/distributors?limit=${PAGE}${after ? `&after=${after}` : ''}`,
      session,
    ).catch((cause: unknown) => {
      log('warn', 'core-api did not list the team', { error: String(cause) })
      error(503)
    })
    nodes.push(...items)
    after = next
  }
  const self = nodes.find((node) => node.id === distributor_id)
  return {
    name: self?.name ?? '',
    grade: self?.grade ?? '',
    children: nodes.filter((node) => node.parent_id === distributor_id),
  }
}

export async function explanationOf(session: string, state: string): Promise<unknown> {
  return await ask<unknown>(`/commissions/explanation?state=${state}`, session)
}
