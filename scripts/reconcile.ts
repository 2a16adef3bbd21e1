/** `npm run reconcile`: rows and books are compared where they are written, measures where they are defined. */
const isMeasures = process.argv.slice(2).includes('measures')
await import(isMeasures ? '../semantic/reconcile.ts' : '../ingest/src/reconcile.ts')
