/**
 * The items of an array as Postgres writes it, `{1,NULL,"a \"b\""}`; null where it has more than one
 * dimension or does not begin at 1, which Postgres writes before it: `[0:1]={1,2}`.
 */
export function parseArray(text: string): (string | null)[] | null {
  if (text === '{}') return []
  if (!text.startsWith('{') || text.startsWith('{{')) return null
  const items: (string | null)[] = []
  let at = 1
  while (at < text.length) {
    if (text[at] === '"') {
      const [item, end] = quoted(text, at + 1)
      items.push(item)
      at = end
    } else {
      const end = endOf(text, at)
      const item = text.slice(at, end)
      items.push(item === 'NULL' ? null : item)
      at = end
    }
    at += 1
  }
  return items
}

function quoted(text: string, from: number): [item: string, end: number] {
  let item = ''
  let at = from
  while (text[at] !== '"') {
    if (at >= text.length) throw new Error('Postgres sent an array without an end')
    if (text[at] === '\\') at += 1
    item += text[at] ?? ''
    at += 1
  }
  return [item, at + 1]
}

/** Items without quotes contain neither separators nor braces. */
function endOf(text: string, from: number): number {
  let at = from
  while (text[at] !== ',' && text[at] !== '}' && at < text.length) at += 1
  return at
}
