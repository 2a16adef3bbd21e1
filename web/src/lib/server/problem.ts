/** An RFC 9457 answer of this server's own; others' problems pass through untouched. */
export function problem(status: number, code: string, title: string, detail?: string) {
  const body = { type: 'about:blank', title, status, detail, code }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}
