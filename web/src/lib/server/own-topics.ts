import { isPast, TOPICS, type Position, type Topic, type Watermark } from '#lib/watermark.ts'

type Topics = Watermark['topics']
/** Of each topic that moved, the ids of the distributors whose numbers it moves; null is everybody. */
export type Touched = Partial<Record<Topic, string[] | null>>

/** More than any network has; beyond it nobody is told apart any more. */
const DISTRIBUTORS_MAX = 100_000

/**
 * When each topic last moved a distributor's own numbers. Who asks only then learns nothing of when others sell, and
 * does not ask again whenever anybody does.
 */
export class OwnTopics {
  /** What is not known to be somebody's is everybody's. */
  #everybody: Topics = {}
  #own = new Map<string, Topics>()
  #before: Topics = {}

  /** Notes what ingest says; without `touched` it does not know whose, so it may be anybody's. */
  note(topics: Topics, touched: Touched | undefined) {
    if (!touched || this.#own.size > DISTRIBUTORS_MAX) {
      this.#own.clear()
      this.#everybody = topics
    } else
      for (const topic of TOPICS) {
        const position = topics[topic]
        const known = this.#before[topic]
        if (!position || (known && !isPast(position.lsn, known.lsn))) continue
        this.#move(topic, position, touched[topic] ?? null)
      }
    this.#before = topics
  }

  #move(topic: Topic, position: Position, ids: string[] | null) {
    if (ids === null) this.#everybody = { ...this.#everybody, [topic]: position }
    for (const id of ids ?? []) this.#own.set(id, { ...this.#own.get(id), [topic]: position })
  }

  of(distributor: string): Topics {
    const own = this.#own.get(distributor)
    if (!own) return this.#everybody
    const both = { ...this.#everybody }
    for (const topic of TOPICS) {
      const [one, other] = [own[topic], both[topic]]
      if (one && (!other || isPast(one.lsn, other.lsn))) both[topic] = one
    }
    return both
  }
}
