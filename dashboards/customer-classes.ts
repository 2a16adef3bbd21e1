import type { Value } from './kinds.ts'

/** What to do about each segment of customers; the rules of the segments are the model's. */
export const segments: Value[] = [
  {
    id: 'champions',
    title: { zh: '冠军客户', en: 'Champions' },
    note: { zh: '最近买、买得勤；给他们新品', en: 'recent and frequent; offer what is new' },
  },
  {
    id: 'loyal',
    title: { zh: '忠诚客户', en: 'Loyal' },
    note: { zh: '常来；请他们推荐', en: 'come often; ask them to recommend' },
  },
  {
    id: 'new',
    title: { zh: '新客户', en: 'New' },
    note: { zh: '刚买第一单；促成第二单', en: 'first order lately; win the second' },
  },
  {
    id: 'promising',
    title: { zh: '潜力客户', en: 'Promising' },
    note: { zh: '最近买过，不勤；多联系', en: 'recent, not frequent; keep in touch' },
  },
  {
    id: 'cant_lose',
    title: { zh: '不可流失', en: 'Cannot lose' },
    note: { zh: '曾买得勤，久没来；亲自找', en: 'bought often, long ago; call in person' },
  },
  {
    id: 'at_risk',
    title: { zh: '有流失风险', en: 'At risk' },
    note: { zh: '渐渐不来；给个理由回来', en: 'drifting off; give a reason to return' },
  },
  {
    id: 'hibernating',
    title: { zh: '沉睡客户', en: 'Hibernating' },
    note: { zh: '久没来、买得少；少量唤醒', en: 'long ago and rare; a light nudge' },
  },
  {
    id: 'lost',
    title: { zh: '流失客户', en: 'Lost' },
    note: { zh: '最久没来；不再花钱', en: 'longest ago; spend no more on them' },
  },
]

/** Scores of recency: those who bought last stand on top. */
export const lately = ['5', '4', '3', '2', '1'].map((id): Value => ({
  id,
  title: { zh: id, en: id },
  ...(id === '5' && { note: { zh: '刚买过', en: 'just bought' } }),
  ...(id === '1' && { note: { zh: '最久没买', en: 'longest ago' } }),
}))
/** Scores of frequency, the most frequent on the right. */
export const often = ['1', '2', '3', '4', '5'].map((id): Value => ({
  id,
  title: { zh: id, en: id },
  ...(id === '1' && { note: { zh: '最少', en: 'fewest' } }),
  ...(id === '5' && { note: { zh: '最勤', en: 'most' } }),
}))
