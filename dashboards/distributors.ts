import { defineDashboard } from './define.ts'
import { activities, concentrations, dependences } from './distributor-flags.ts'
import { distributor, region } from './filters.ts'

const team = {
  title: { zh: '团队销售额', en: 'Team sales' },
  measure: 'distributor_performance.team_revenue_cents',
  unit: 'money',
} as const
const own = {
  title: { zh: '本人', en: 'Own' },
  measure: 'distributor_performance.own_revenue_cents',
  unit: 'money',
} as const
const commissionRate = {
  title: { zh: '佣金占比', en: 'Commission ratio' },
  measure: 'distributor_performance.commission_rate',
  unit: 'ratio',
} as const
const distributors = {
  head: { zh: '经销商', en: 'Distributor' },
  id: 'distributor_performance.distributor_id',
  name: 'distributor_performance.distributor',
} as const

export default defineDashboard({
  slug: 'distributors',
  icon: 'network',
  letter: 'n',
  roles: ['admin', 'executive', 'analyst'],
  period: '28d',
  title: { zh: '经销网络', en: 'Distributors' },
  question: {
    zh: '谁在带货，哪里靠一个人撑着，谁停了？',
    en: 'Who carries sales, where does one hold it up, who stopped?',
  },
  filters: [region, distributor],
  tiles: [
    {
      show: 'facts',
      key: 'facts',
      title: { zh: '网络现状', en: 'The network' },
      facts: [
        {
          title: { zh: '经销商卖出', en: 'Sold by distributors' },
          measure: 'distributor_performance.own_revenue_cents',
          unit: 'money',
          beside: {
            title: { zh: '上期', en: 'before' },
            measure: 'distributor_performance.previous_own_revenue_cents',
            unit: 'money',
          },
        },
        {
          title: { zh: '开过单', en: 'Active' },
          measure: 'distributor_performance.active_count',
          unit: 'count',
          beside: {
            title: { zh: '在册', en: 'of' },
            measure: 'distributor_performance.distributor_count',
            unit: 'count',
          },
        },
        {
          title: { zh: '留存率', en: 'Retention' },
          measure: 'distributor_performance.retention',
          unit: 'ratio',
          beside: {
            title: { zh: '上期开过单', en: 'active before' },
            measure: 'distributor_performance.previous_active_count',
            unit: 'count',
          },
        },
        {
          title: { zh: '激活率', en: 'Activation' },
          measure: 'distributor_performance.activation_rate',
          unit: 'ratio',
          beside: {
            title: { zh: '已激活', en: 'activated' },
            measure: 'distributor_performance.activated_count',
            unit: 'count',
          },
        },
        {
          title: { zh: '沉寂', en: 'Gone quiet' },
          measure: 'distributor_performance.inactive_count',
          unit: 'count',
          beside: {
            title: { zh: '单点依赖', en: 'hang on one' },
            measure: 'distributor_performance.dependent_count',
            unit: 'count',
          },
        },
      ],
      width: 12,
      wide: { width: 16, order: 1 },
    },
    {
      show: 'network',
      key: 'network',
      title: { zh: '谁的下面有多少', en: 'How much hangs below whom' },
      sub: {
        zh: '宽度是团队销售额，斜纹是沉寂的',
        en: 'width is team sales, hatched has gone quiet',
      },
      id: 'distributor_performance.distributor_id',
      name: 'distributor_performance.distributor',
      parent: 'distributor_performance.parent_id',
      depth: 'distributor_performance.depth',
      grade: 'distributor_performance.grade',
      team,
      own,
      beside: {
        title: { zh: '团队订单', en: 'Team orders' },
        measure: 'distributor_performance.team_order_count',
        unit: 'count',
      },
      facts: [
        {
          title: { zh: '佣金', en: 'Commission' },
          measure: 'distributor_performance.commission_cents',
          unit: 'money',
        },
        commissionRate,
        {
          title: { zh: '团队增长', en: 'Team growth' },
          measure: 'distributor_performance.team_growth',
          unit: 'ratio',
        },
        {
          title: { zh: '全公司名次', en: 'Rank of all' },
          measure: 'distributor_performance.rank',
          unit: 'count',
        },
      ],
      activity: { id: 'distributor_performance.activity', quiet: 'inactive', flags: activities },
      dependence: { id: 'distributor_performance.dependence', flags: dependences, high: 0.5 },
      top: 300,
      width: 12,
      wide: { width: 16, order: 2 },
    },
    {
      show: 'league',
      key: 'ranking',
      title: { zh: '业绩排名', en: 'Ranking' },
      ...distributors,
      columns: [{ ...team, own: own.measure, bar: true }, own, commissionRate],
      change: { measure: team.measure, id: distributors.id },
      trend: {
        measure: 'distributors.team_revenue_cents',
        id: 'distributors.distributor_id',
        days: 28,
      },
      top: 12,
      width: 12,
      wide: { width: 16, order: 3 },
    },
    {
      show: 'spread',
      key: 'concentration',
      title: { zh: '集中度', en: 'Concentration' },
      sub: { zh: '占经销商本人销售额', en: 'share of what distributors sold themselves' },
      shares: [
        {
          title: { zh: '前 1%', en: 'Top 1 %' },
          measure: 'distributor_performance.top_1_share',
          unit: 'ratio',
        },
        {
          title: { zh: '前 5%', en: 'Top 5 %' },
          measure: 'distributor_performance.top_5_share',
          unit: 'ratio',
        },
        {
          title: { zh: '前 10%', en: 'Top 10 %' },
          measure: 'distributor_performance.top_10_share',
          unit: 'ratio',
        },
      ],
      index: {
        title: {
          zh: '赫芬达尔指数，0 分散到 1 独占：',
          en: 'Herfindahl index, 0 spread to 1 alone:',
        },
        measure: 'distributor_performance.concentration_hhi',
        unit: 'decimal',
        levels: concentrations,
      },
      width: 4,
      wide: { width: 5, order: 4 },
    },
    {
      show: 'league',
      key: 'dependent',
      title: { zh: '靠一个撑着的', en: 'Held up by one' },
      sub: {
        zh: '一半以上来自一个下级或一个客户',
        en: 'over half from one team below or one customer',
      },
      ...distributors,
      marks: [{ id: 'distributor_performance.dependence', values: dependences }],
      only: { member: 'distributor_performance.dependence', values: ['child', 'customer'] },
      columns: [team],
      top: 8,
      width: 4,
      wide: { width: 5, order: 5 },
    },
    {
      show: 'league',
      key: 'quiet',
      title: { zh: '哪里停了', en: 'Where teams went quiet' },
      sub: { zh: '90 天没有卖出', en: 'no sale for 90 days' },
      head: { zh: '大区', en: 'Region' },
      id: 'distributor_performance.region',
      name: 'distributor_performance.region',
      columns: [
        {
          title: { zh: '停了', en: 'Quiet' },
          measure: 'distributor_performance.inactive_count',
          unit: 'count',
          bar: true,
        },
        {
          title: { zh: '在册', en: 'Of' },
          measure: 'distributor_performance.distributor_count',
          unit: 'count',
          key: true,
        },
      ],
      top: 8,
      width: 4,
      wide: { width: 6, order: 6 },
    },
  ],
})
