import { page } from '$app/state'
import { en as enDrill } from './drill.en.ts'
import { zh as zhDrill } from './drill.zh.ts'
import { en as enGoals } from './goals.en.ts'
import { zh as zhGoals } from './goals.zh.ts'
import { en as enFind } from './find.en.ts'
import { zh as zhFind } from './find.zh.ts'
import { en as enFrame } from './frame.en.ts'
import { zh as zhFrame } from './frame.zh.ts'
import { en as enAlerts } from './alerts.en.ts'
import { zh as zhAlerts } from './alerts.zh.ts'
import { en as enApp } from './app.en.ts'
import { zh as zhApp } from './app.zh.ts'
import { en as enAudit } from './audit.en.ts'
import { zh as zhAudit } from './audit.zh.ts'
import { en as enKinds } from './kinds.en.ts'
import { zh as zhKinds } from './kinds.zh.ts'
import { en as enLinks } from './links.en.ts'
import { zh as zhLinks } from './links.zh.ts'
import { en as enPortal } from './portal.en.ts'
import { zh as zhPortal } from './portal.zh.ts'
import { en as enShell } from './en.ts'
import { zh as zhShell } from './zh.ts'
import { en as enSettings } from './settings.en.ts'
import { zh as zhSettings } from './settings.zh.ts'
import { en as enTiles } from './tiles.en.ts'
import { zh as zhTiles } from './tiles.zh.ts'

export type Lang = 'zh' | 'en'

const zh = {
  ...zhShell,
  app: zhApp,
  alerts: zhAlerts,
  find: zhFind,
  frame: zhFrame,
  drill: zhDrill,
  goals: zhGoals,
  tiles: zhTiles,
  kinds: zhKinds,
  portal: zhPortal,
  links: zhLinks,
  audit: zhAudit,
  settings: zhSettings,
}

/** English must have every key that Chinese has, with the same parameters. */
export type Messages = typeof zh
const en: Messages = {
  ...enShell,
  app: enApp,
  alerts: enAlerts,
  find: enFind,
  frame: enFrame,
  drill: enDrill,
  goals: enGoals,
  tiles: enTiles,
  kinds: enKinds,
  portal: enPortal,
  links: enLinks,
  audit: enAudit,
  settings: enSettings,
}

export const messages: Record<Lang, Messages> = { zh, en }

/** The reader's words; read it inside $derived, so that a switch of language needs no reload. */
export function words(): Messages {
  return messages[page.data.lang]
}
