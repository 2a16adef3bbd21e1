const BELOW_PORTAL = ['/cube/', '/api/']

/**
 * A way to the semantic layer and to core-api that stays below /portal, where the cookie of whoever looks on is sent.
 * Everywhere else the browser keeps it to itself.
 */
export function portalFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) =>
    fetch(
      typeof input === 'string' && BELOW_PORTAL.some((path) => input.startsWith(path))
        ? `/portal${input}`
        : input,
      init,
    )
}
