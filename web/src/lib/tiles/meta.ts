import type { Lang } from '#lib/i18n/index.ts'

/** What the semantic layer says a member is, in both languages. */
export type Meaning = { name: string; title: string; description: string }

type RawMember = {
  name: string
  shortTitle?: string
  title?: string
  description?: string
  meta?: { title_zh?: string; description_zh?: string }
}
type RawMeta = { cubes: { measures: RawMember[]; dimensions: RawMember[] }[] }

let asked: Promise<Map<string, RawMember>> | null = null

/** Asked once, when the first reader wants to know; a failure is not kept. */
export async function meaningsOf(members: readonly string[], language: Lang): Promise<Meaning[]> {
  asked ??= askMembers()
  const found = await asked.catch((error: unknown) => {
    asked = null
    throw error
  })
  return members.map((name) => {
    const member = found.get(name)
    const isChinese = language === 'zh'
    return {
      name,
      title:
        (isChinese ? member?.meta?.title_zh : undefined) ??
        member?.shortTitle ??
        member?.title ??
        name,
      description:
        (isChinese ? member?.meta?.description_zh : undefined) ?? member?.description ?? '',
    }
  })
}

async function askMembers() {
  const response = await fetch('/cube/cubejs-api/v1/meta')
  if (!response.ok) throw new Error(`The semantic layer answered ${response.status}`)

  // The shape is Cube's own; the semantic layer's tests hold it to that.
  const { cubes }: RawMeta = await response.json()
  const members = cubes.flatMap(({ measures, dimensions }) => [...measures, ...dimensions])
  return new Map(members.map((member) => [member.name, member]))
}
