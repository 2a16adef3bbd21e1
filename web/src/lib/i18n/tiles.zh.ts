/** The words of the tiles. */
export const zh = {}
