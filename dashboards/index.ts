export { default as today } from './today.ts'
