/** The semantic layer again, below /portal: only there does the browser say that somebody looks on. */
export { GET, POST } from '../../../../cube/[...path]/+server.ts'
