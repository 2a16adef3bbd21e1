/** Core-api again, below /portal: only there does the browser say that somebody looks on. */
export { GET, POST, PATCH } from '../../../../api/[...path]/+server.ts'
