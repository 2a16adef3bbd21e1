import type { Flagged, Value } from './kinds.ts'

/** By cumulative revenue and by how steady demand is; where the lines run is the model's. */
export const abc: Value[] = [
  {
    id: 'A',
    title: { zh: 'A 类', en: 'A' },
    note: { zh: '前 80% 的收入', en: 'first 80 % of revenue' },
  },
  {
    id: 'B',
    title: { zh: 'B 类', en: 'B' },
    note: { zh: '80% 到 95%', en: '80 to 95 %' },
  },
  {
    id: 'C',
    title: { zh: 'C 类', en: 'C' },
    note: { zh: '其余', en: 'the rest' },
  },
]

export const xyz: Value[] = [
  {
    id: 'X',
    title: { zh: '稳定', en: 'Steady' },
    note: { zh: 'X：每周差不多', en: 'X: weeks alike' },
  },
  {
    id: 'Y',
    title: { zh: '波动', en: 'Varying' },
    note: { zh: 'Y：有高有低', en: 'Y: ups and downs' },
  },
  {
    id: 'Z',
    title: { zh: '不规律', en: 'Erratic' },
    note: { zh: 'Z：难预计', en: 'Z: hard to foresee' },
  },
]

export const classes: Flagged[] = abc.map((value) => ({
  ...value,
  title: { zh: value.id, en: value.id },
  tone: 'note',
}))
export const rhythms: Flagged[] = xyz.map((value) => ({
  ...value,
  title: { zh: value.id, en: value.id },
  tone: 'note',
}))
