/** When data last came, kept on the device: a time and nothing else, for the page without a network. */
const KEY = 'last-data-at'

export function rememberDataAt(at: string) {
  try {
    localStorage.setItem(KEY, at)
  } catch {
    // A browser that keeps nothing, by the reader's own wish, then does not know.
  }
}

export function lastDataAt(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
