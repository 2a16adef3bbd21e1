import type { Role, User } from './api/client.ts'

/** What core-api lets a role change, so that a page offers nothing that would be refused. It decides; this only hides. */
const CHANGES: Record<'goals' | 'notes', readonly Role[]> = {
  goals: ['admin', 'executive'],
  notes: ['admin', 'executive', 'analyst', 'operations'],
}

export function mayChange(user: Pick<User, 'role'> | undefined, what: keyof typeof CHANGES) {
  return user !== undefined && CHANGES[what].includes(user.role)
}
