import type postgres from 'postgres'

/**
 * Postgres may take long to answer, for it waits for somebody's lock or transaction: the signal ends the connection and with
 * it the wait. Returns how to stop listening; throws where the signal came before.
 */
export function leaveOn(signal: AbortSignal, connection: postgres.Sql): () => void {
  signal.throwIfAborted()
  const leave = () => void connection.end({ timeout: 0 })
  signal.addEventListener('abort', leave, { once: true })
  return () => signal.removeEventListener('abort', leave)
}
