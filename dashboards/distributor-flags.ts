import type { Flagged, SpreadTile } from './kinds.ts'

/** What is worth a word beside a distributor's name, and what to do about it. */
export const activities: Flagged[] = [
  {
    id: 'inactive',
    title: { zh: '沉寂', en: 'gone quiet' },
    note: {
      zh: '90 天内本人和团队都没有卖出；联系负责人',
      en: 'no sale of its own or below for 90 days; talk to its head',
    },
    tone: 'warn',
  },
  {
    id: 'new',
    title: { zh: '新加入', en: 'new' },
    note: { zh: '加入不到 90 天，还没有卖出', en: 'joined within 90 days, no sale yet' },
    tone: 'note',
  },
]

export const dependences: Flagged[] = [
  {
    id: 'child',
    title: { zh: '靠一个下级', en: 'one team carries it' },
    note: {
      zh: '一半以上的销售来自一个下级团队；把第二名扶起来',
      en: 'over half of its sales come from one team below; build up the second one',
    },
    tone: 'bad',
  },
  {
    id: 'customer',
    title: { zh: '靠一个客户', en: 'one customer carries it' },
    note: {
      zh: '一半以上的销售来自一个客户；多找几个客户',
      en: 'over half of its sales come from one customer; win more of them',
    },
    tone: 'bad',
  },
]

/** What the index of concentration means, from where on. */
export const concentrations: SpreadTile['index']['levels'] = [
  {
    from: 0,
    tone: 'good',
    words: {
      zh: '分散：没有哪一家能左右整体',
      en: 'Spread: no one distributor can sway the whole',
    },
  },
  {
    from: 0.15,
    tone: 'warn',
    words: {
      zh: '有些集中：少数几家的起落会看得见',
      en: 'Somewhat concentrated: the ups and downs of a few will show',
    },
  },
  {
    from: 0.25,
    tone: 'bad',
    words: {
      zh: '很集中：失去一家就伤到整体',
      en: 'Concentrated: losing one would hurt the whole',
    },
  },
]
