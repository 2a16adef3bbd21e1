/** A table that is being filled to take the place of another. */
const SUFFIX = '__new'

export function replacementName(name: string): string {
  return `${name}${SUFFIX}`
}

export function isReplacement(name: string): boolean {
  return name.endsWith(SUFFIX)
}
