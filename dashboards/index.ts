/** In the order of the rail. */
export { default as today } from './today.ts'
export { default as sales } from './sales.ts'
export { default as profit } from './profit.ts'
