/** Where the words of a chart's notes have room beside their stems: shares of the width, 0 to 100. */
export type Note = { index: number; text: string }
export type PlacedNote = Note & {
  at: number
  isLeft: boolean
  /** What the words may take; null where they would not be readable: then pointing at the stem tells them. */
  room: number | null
}

const ROOM_MAX = 34
const ROOM_MIN = 12
/** With more than these no words fit, and choosing sides would take long. */
const WORDED_MAX = 6

/** Notes in the order of their buckets, of which there are `count`: each on the side that leaves all of them most room. */
export function placeNotes(notes: readonly Note[], count: number): PlacedNote[] {
  const at = notes.map(({ index }) => ((index + 0.5) / count) * 100)
  const sides = notes.length > WORDED_MAX ? null : bestSides(at)
  return notes.map((note, place) => {
    const isLeft = sides?.[place] ?? false
    const room = sides === null ? 0 : roomOf(at, sides, place)
    return { ...note, at: at[place] ?? 0, isLeft, room: room < ROOM_MIN ? null : room }
  })
}

/** The words cover so much of the chart's upper edge. */
export function isUnderWords(placed: readonly PlacedNote[], at: number): boolean {
  return placed.some(
    (note) =>
      note.room !== null &&
      (note.isLeft ? at <= note.at : at >= note.at) &&
      Math.abs(at - note.at) <= note.room,
  )
}

/** Every way to set them left or right, tried; of equals the one with the most on the right, where one reads on. */
function bestSides(at: number[]): boolean[] {
  let best: boolean[] = []
  let most = -1
  for (let way = 0; way < 2 ** at.length; way += 1) {
    const sides = at.map((_, place) => Math.floor(way / 2 ** place) % 2 === 1)
    const room = at.reduce((sum, _, place) => sum + roomOf(at, sides, place), 0)
    if (room > most) [best, most] = [sides, room]
  }
  return best
}

/** To the next stem or the edge; two that look at each other share what is between them. */
function roomOf(at: number[], sides: boolean[], place: number): number {
  const step = sides[place] ? -1 : 1
  const own = at[place] ?? 0
  const next = at[place + step]
  const gap = Math.abs((next ?? (sides[place] ? 0 : 100)) - own)
  const isShared = next !== undefined && sides[place + step] !== sides[place]
  return Math.min(ROOM_MAX, isShared ? gap / 2 : gap)
}
