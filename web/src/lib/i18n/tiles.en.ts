import type { zh } from './tiles.zh.ts'

export const en: typeof zh = {}
