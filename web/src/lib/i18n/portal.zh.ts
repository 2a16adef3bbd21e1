/** The words of the distributor's own pages. */
export const zh = {
  title: '业绩',
}
