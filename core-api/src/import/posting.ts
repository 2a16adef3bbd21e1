/** Documents become ledgers, a few thousand lines a transaction, on two connections where that is safe. */
import * as queries from './queries.ts'

/** What parsed the files rests while they post; a third connection would only wait. */
export const IMPORT_CONNECTIONS = 2

/**
 * Sales bring the goods they take, so they leave every level as it was and may post side by side. Returns and
 * write-offs move levels, each on top of the one before it in time, so they follow one by one.
 */
export async function postSteps(
  connections: queries.Connections,
  run: number,
  onWritten: (lines: number) => void,
): Promise<number> {
  const [main] = connections
  const steps = await queries.listSteps(main, run)
  let written = 0
  const post = async (connection: queries.Connection, step: queries.Step) => {
    const lines = await queries.post(connection, run, step)
    written += lines
    onWritten(written)
  }

  const first = steps.shift()
  if (first === undefined) return 0
  await post(main, first)
  // The tables it filled still count as empty, and the steps to come would be planned for that.
  await queries.analyzeLedgers(main)

  const sales = steps.filter(({ is_sale }) => is_sale)
  const ended = await Promise.allSettled(connections.map(postSales))
  for (const result of ended) if (result.status === 'rejected') throw result.reason
  for (const step of steps) if (!step.is_sale) await post(main, step)
  return written

  async function postSales(connection: queries.Connection): Promise<void> {
    for (let step = sales.shift(); step; step = sales.shift()) await post(connection, step)
  }
}
