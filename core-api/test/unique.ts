import { randomBytes } from 'node:crypto'

export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`
}
