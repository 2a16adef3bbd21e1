import { page } from '$app/state'
import { en as enPortal } from './portal.en.ts'
import { zh as zhPortal } from './portal.zh.ts'
import { en as enShell } from './en.ts'
import { zh as zhShell } from './zh.ts'
import { en as enTiles } from './tiles.en.ts'
import { zh as zhTiles } from './tiles.zh.ts'

export type Lang = 'zh' | 'en'

const zh = { ...zhShell, tiles: zhTiles, portal: zhPortal }

/** English must have every key that Chinese has, with the same parameters. */
export type Messages = typeof zh
const en: Messages = { ...enShell, tiles: enTiles, portal: enPortal }

export const messages: Record<Lang, Messages> = { zh, en }

/** The reader's words; read it inside $derived, so that a switch of language needs no reload. */
export function words(): Messages {
  return messages[page.data.lang]
}
