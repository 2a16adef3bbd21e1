import type { zh } from './portal.zh.ts'

export const en: typeof zh = {
  title: 'Performance',
}
