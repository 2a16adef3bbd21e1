export type ServerEvent = { id: string; event: string; data: string }

/** A longer line than this is not an event of ours. */
const BUFFER_CHARS_MAX = 64 * 1024

/** Reads server-sent events from a body, as the HTML standard spells them (lines end in LF or CRLF). */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void> {
  const decoder = new TextDecoder()
  let buffer = ''
  let event: ServerEvent = { id: '', event: 'message', data: '' }

  for await (const bytes of body) {
    buffer += decoder.decode(bytes, { stream: true })
    if (buffer.length > BUFFER_CHARS_MAX) throw new Error('An event without an end')

    const lines = buffer.split(/\r?\n/)
    buffer = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (event.data !== '') yield { ...event, data: event.data.slice(0, -1) }
        event = { id: event.id, event: 'message', data: '' }
      } else {
        take(event, line)
      }
    }
  }
}

function take(event: ServerEvent, line: string) {
  const colon = line.indexOf(':')
  if (colon === 0) return
  const field = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (field === 'data') event.data += value + '\n'
  else if (field === 'event') event.event = value
  else if (field === 'id') event.id = value
}
