import { openApi, type Explanation } from '#lib/api/client.ts'

/** One question at a time: whoever asks meanwhile gets the same answer. */
let asking: Promise<Explanation | undefined> | null = null

/** What core-api says of the commission now; undefined when it does not answer. */
export function askOutlook(): Promise<Explanation | undefined> {
  asking ??= openApi('/portal/api')
    .GET('/commissions/explanation', { params: { query: { limit: 1 } } })
    .then(
      ({ data }) => data,
      () => undefined,
    )
    .finally(() => (asking = null))
  return asking
}
