/** So wide a figure and a Chinese character are at most, of the size of their letters. */
const FIGURE_EM = 0.8
const HAN_EM = 1.1

/** Room left of a plot for the names of its ticks, in em: they stand whole, and begin where the title does. */
export function gutterOf(ticks: readonly { text: string }[]): number {
  return Math.max(0, ...ticks.map(({ text }) => widthOf(text)))
}

function widthOf(text: string) {
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return characters * HAN_EM + (text.length - characters) * FIGURE_EM
}
