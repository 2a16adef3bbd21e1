/** The map's rules: the first that names a kind, and the first that names a role, decide about a line. */
import { type Columns, columnReader, type Read } from './expression.ts'
import type { Rule } from './map-schema.ts'

export type Verdict = {
  kind: 'sale' | 'return' | 'write_off' | 'adjustment'
  role: 'goods' | 'service' | 'shipping' | 'discount'
  account: string | null
  /** How a return is written; how everything else is, is plain. */
  amounts: 'negative' | 'positive'
  /** A return that its document's own number does not tell from a sale of the same number. */
  isReturnByLine: boolean
  refusal: string | null
}

export type Facts = {
  row: string[]
  document: string
  sku: string
  quantity: bigint
  price: bigint
}

type Compiled = { matches: (facts: Facts) => boolean; rule: Rule }

export function classifier(rules: Rule[], columns: Columns): (facts: Facts) => Verdict {
  const compiled = rules.map((rule, index) => ({
    rule,
    matches: matcher(rule.when, columns, `/rules/${index}/when`),
  }))
  return (facts) => verdictOf(compiled, facts)
}

function verdictOf(compiled: Compiled[], facts: Facts): Verdict {
  const verdict: Verdict = {
    kind: 'sale',
    role: 'goods',
    account: null,
    amounts: 'negative',
    isReturnByLine: false,
    refusal: null,
  }
  let hasKind = false
  let hasRole = false
  for (const { matches, rule } of compiled) {
    const { then, when } = rule
    if ('role' in then ? hasRole : hasKind) continue
    if (!matches(facts)) continue
    if ('refuse' in then) return { ...verdict, refusal: then.refuse }
    if ('role' in then) {
      verdict.role = then.role
      hasRole = true
      continue
    }
    hasKind = true
    verdict.kind = then.kind
    if (then.kind === 'adjustment') verdict.account = then.account
    if (then.kind === 'return') {
      verdict.amounts = then.amounts ?? 'negative'
      verdict.isReturnByLine = when.document === undefined
    }
  }
  return verdict
}

function matcher(when: Rule['when'], columns: Columns, path: string): (facts: Facts) => boolean {
  const document = when.document === undefined ? null : new RegExp(when.document)
  const sku = when.sku === undefined ? null : new RegExp(when.sku)
  const matches = new RegExp(when.matches ?? '^$')
  const read: Read | null =
    when.column === undefined ? null : columnReader(when.column, columns, `${path}/column`)
  return (facts) =>
    (document === null || document.test(facts.document)) &&
    (sku === null || sku.test(facts.sku)) &&
    (when.quantity === undefined || signOf(facts.quantity) === when.quantity) &&
    (when.price === undefined || signOf(facts.price) === when.price) &&
    (read === null || matches.test(read(facts.row, facts.document) ?? ''))
}

function signOf(amount: bigint): 'negative' | 'zero' | 'positive' {
  return amount < 0n ? 'negative' : amount === 0n ? 'zero' : 'positive'
}
