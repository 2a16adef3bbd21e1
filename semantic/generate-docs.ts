/**
 * Writes docs/measures.md: what every number means, how it is computed, and what proves it, in both languages. The
 * formula is the SQL that Cube writes for it, not a copy kept by hand; the oracle is the expression that the test
 * compares it with. Needs no database.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { ALL_ROWS } from './access.ts'
import { NOTHING_SPENT } from './clickhouse.ts'
import { createCube } from './cube.ts'
import { dimensions, measures, views, type Measure, type Unit } from './members.ts'
import { ORACLE } from './test/oracle.ts'

const DOCS_FILE = fileURLToPath(new URL('../docs/measures.md', import.meta.url))

const UNITS: Record<Unit, string> = {
  cents: 'minor units of the currency, whole · 货币最小单位（整数）',
  count: 'count · 次数',
  units: 'pieces · 件',
  ratio: 'ratio, six digits · 比率（六位小数）',
  days: 'days · 天',
  hours: 'hours · 小时',
  times: 'times a year · 次/年',
}

const GOOD = {
  up: 'more is good · 越高越好',
  down: 'less is good · 越低越好',
  none: 'neither good nor bad · 不分好坏',
} as const

const INTRODUCTION = `
Generated from \`semantic/model\` by \`npm run generate\`; \`npm run check\` fails when it is stale.
由模型生成，过期时检查失败。

Each number has one definition. **Formula** is what runs on ClickHouse, over the ledgers that the change stream
copies. **Oracle** is the same number in plain SQL over the operational tables of Postgres (\`semantic/test/oracle.ts\`);
\`semantic/measures.ch.test.ts\` compares both to the cent over random histories, as the company and as every
distributor, and fails for a measure without an oracle. Debits are positive in the journal, so income is negated.

Hours, days, weeks (from Monday) and months are those of the clock on the wall, in the company's zone or the one the
question names. The hour that a clock shows twice is one bucket with the facts of both; one that it skips has none.

每个数字只有一个定义。**公式**在 ClickHouse 的账上计算；**核对**是同一数字在 Postgres 业务表上的另一种算法，
测试以随机历史逐分比对，缺少核对即失败。

时、日、周（周一起）、月均按公司时区（或查询指定时区）的墙上时钟。时钟拨慢时重复的一小时合为一格，拨快时跳过的一小时没有格。
`

type Compiled = { formula: string; ledger: string }

export async function generateDocs(): Promise<string> {
  const compiled = await compileMeasures()
  const sections = Object.entries(views).map(([name, view]) => {
    const own = measureNames().filter((measure) => measures[measure].view === name)
    return [
      `## ${view.title} · ${view.title_zh}`,
      `\`${name}\`: ${view.description} ${view.description_zh}`,
      limitsOf(view),
      `By · 维度: ${dimensionsOf(name)}`,
      ...own.map((measure) => sectionOf(measure, compiled.get(measure))),
    ].join('\n\n')
  })
  const source = ['# Measures · 指标', INTRODUCTION.trim(), ...sections].join('\n\n')
  const style = await resolveConfig(DOCS_FILE)
  return format(source, { ...style, parser: 'markdown', plugins: [] })
}

/** Each measure alone, so that the SQL has no more than its formula and where it comes from. */
async function compileMeasures(): Promise<Map<Measure, Compiled>> {
  let written = ''
  const cube = createCube(async (sql) => {
    written = sql.replaceAll(/\s+/g, ' ').trim()
    return { rows: [], rowsBeforeLimit: 0, spent: NOTHING_SPENT }
  })
  const compiled = new Map<Measure, Compiled>()
  for (const measure of measureNames()) {
    await cube.load({ measures: [measure], timezone: 'UTC' }, { role: 'admin', rows: ALL_ROWS })
    compiled.set(measure, read(written, measure))
  }
  return compiled
}

function read(sql: string, measure: Measure): Compiled {
  const alias = ` \`${measure.replace('.', '__')}\` FROM `
  const end = sql.indexOf(alias)
  if (!sql.startsWith('SELECT ') || end < 0) throw new Error(`${measure}: unknown SQL: ${sql}`)
  const formula = sql.slice('SELECT '.length, end).replaceAll(/`\w+`\./g, '')
  const tables = [...sql.slice(end).matchAll(/\bfrom ([a-z_]+)/g)].map(([, table]) => table ?? '')
  return { formula, ledger: [...new Set(tables)].join(', ') }
}

function sectionOf(name: Measure, compiled: Compiled | undefined) {
  const measure = measures[name]
  const [view = '', member = ''] = name.split('.')
  const oracle = ORACLE[view]?.measures[member]
  if (compiled === undefined || oracle === undefined) throw new Error(`${name} has no oracle`)
  const facts = [
    `- **Unit · 单位**: ${UNITS[measure.unit]}; ${GOOD[measure.good]}`,
    `- **Adds up · 可加**: ${additivityOf(measure)}`,
    `- **Formula · 公式** (\`${compiled.ledger}\`): \`${compiled.formula}\``,
    `- **Oracle · 核对** (\`${relationOf(view)}\`): \`${oracle.replaceAll(/\s+/g, ' ')}\``,
  ]
  return [
    `### ${measure.title} · ${measure.title_zh}`,
    `\`${name}\`: ${measure.description} ${measure.description_zh}`,
    facts.join('\n'),
  ].join('\n\n')
}

function relationOf(view: string) {
  const from = ORACLE[view]?.from ?? ''
  return typeof from === 'string' ? from : from(null)
}

function additivityOf({
  additive,
  additive_except,
}: {
  additive: boolean
  additive_except: readonly string[]
}) {
  if (!additive) return 'no, it is asked anew for each total · 否，合计须另行计算'
  const names = additive_except.map((name) => `\`${name.split('.')[1]}\``)
  return names.length === 0 ? 'yes · 是' : `yes, but not over · 是，但不可跨：${names.join(', ')}`
}

function limitsOf({
  topics,
  forbidden_to,
}: {
  topics: readonly string[]
  forbidden_to: readonly string[]
}) {
  const changes = `Changes with · 随之更新: ${topics.join(', ')}.`
  if (forbidden_to.length === 0) return changes
  return `${changes} Not open to · 不开放给: ${forbidden_to.join(', ')}.`
}

function dimensionsOf(view: string) {
  return Object.entries(dimensions)
    .filter(([, { view: of }]) => of === view)
    .map(([name, { title, title_zh }]) => `\`${name.split('.')[1]}\` (${title} · ${title_zh})`)
    .join(', ')
}

function measureNames() {
  return Object.keys(measures).filter(isMeasure)
}

function isMeasure(name: string): name is Measure {
  return name in measures
}

if (import.meta.main) {
  const text = await generateDocs()
  const before = await readFile(DOCS_FILE, 'utf8').catch(() => '')
  if (text !== before) await writeFile(DOCS_FILE, text)
  console.error(text === before ? 'docs/measures.md is up to date' : 'docs/measures.md written')
}
