/** What a company says once and for all: what raises an alert, and where the links of a channel lead. */
import { error } from '@sveltejs/kit'
import type { AlertRule, ChannelShop, RuleChange } from '#lib/api/client.ts'
import { bodyOf, core, patience } from './core.ts'
import { log } from './log.ts'

export async function settingsOf(session: string) {
  const asking = core(session)
  try {
    const [rules, assignees, shops] = await Promise.all([
      asking.GET('/alert-rules', { signal: patience() }),
      asking.GET('/alert-assignees', { signal: patience() }),
      asking.GET('/channel-shops', { signal: patience() }),
    ])
    return {
      rules: bodyOf(rules).items,
      assignees: bodyOf(assignees).items,
      shops: bodyOf(shops).items,
    }
  } catch (cause) {
    log('warn', 'core-api did not tell the settings', { error: String(cause) })
    error(503)
  }
}

export async function changeRule(session: string, body: RuleChange): Promise<AlertRule> {
  return bodyOf(await core(session).PATCH('/alert-rules', { body, signal: patience() }))
}

export async function changeShop(session: string, id: number, url: string): Promise<ChannelShop> {
  const answer = await core(session).PATCH('/channel-shops/{id}', {
    params: { path: { id } },
    body: { url },
    signal: patience(),
  })
  return bodyOf(answer)
}
