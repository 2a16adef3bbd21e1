/** What is done to a running stream, by name. Each leaves everything running again. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import type { FaultProxy, Point, Trap } from './fault-proxy.ts'
import { type Capture, type Ingest, reached } from './stack.ts'

/** Something is written each second at least, so a trap that has not sprung by then never will. */
const SPRUNG_MS_MAX = 10_000
const SLOW_MS = 1_500
/** Two at once for longer than this would be two writers. */
const ALONE_MS_MAX = 30_000

/** A stream that things are done to, with the database it comes from. */
export type Patient = {
  capture: Capture
  sql: postgres.Sql
  pipe: string
  proxy: FaultProxy
  ingest: Ingest
  /** Starts it anew, behind the proxy. */
  restart(environment?: Record<string, string>, ...flags: string[]): Promise<void>
  startTwin(): Promise<Ingest>
  /** Sees to it that something passes the point soon. */
  provoke(point: Point): Promise<void>
}

export type Fault = { name: string; isKill: boolean; run(patient: Patient): Promise<void> }

export function faultsAt(point: Point): Fault[] {
  return [
    killedAt(point, 'before'),
    killedAt(point, 'middle'),
    killedAt(point, 'after'),
    disturbed(`${point} fail after they are written`, point, 'after', async () => 'fail'),
    disturbed(`connection reset before ${point}`, point, 'before', async () => 'cut'),
    disturbed(`half of the ${point} sent`, point, 'middle', async () => 'cut'),
    disturbed(`${point} are slow`, point, 'after', async () => {
      await sleep(SLOW_MS)
      return 'answer'
    }),
    serverKilledAt(point, 'before'),
    serverKilledAt(point, 'after'),
  ]
}

/** At no point in particular. */
export const FAULTS: Fault[] = [
  {
    name: 'ingest killed at any time',
    isKill: true,
    async run(patient) {
      await patient.ingest.process.kill()
      await patient.restart()
    },
  },
  {
    name: 'ingest killed twice, the second time while it starts',
    isKill: true,
    async run(patient) {
      await patient.ingest.process.kill()
      await patient.restart()
      await sleep(250)
      await patient.ingest.process.kill()
      await patient.restart()
    },
  },
  {
    name: 'ingest killed, its clock an hour back when it starts',
    isKill: true,
    async run(patient) {
      await patient.ingest.process.kill()
      const file = join(import.meta.dirname, 'clock-back.ts')
      await patient.restart({ NODE_OPTIONS: `--import=file://${file}` })
    },
  },
  {
    name: 'Postgres killed',
    isKill: true,
    async run({ capture }) {
      await capture.killPostgres()
      await capture.restartPostgres()
    },
  },
  {
    name: 'the sender of Postgres ended',
    isKill: false,
    async run({ sql, pipe }) {
      await sql`
        select pg_terminate_backend(active_pid)
        from pg_replication_slots where active and slot_name = ${slotOf(pipe)}
      `
    },
  },
  {
    name: 'the slot lost',
    isKill: true,
    async run(patient) {
      await patient.ingest.process.kill()
      await dropSlot(patient)
      await patient.restart()
      await reached(patient.ingest, 'resnapshot_required')
      await patient.ingest.process.kill()
      await patient.restart({}, '--resnapshot')
      await reached(patient.ingest, 'streaming')
    },
  },
  {
    name: 'a second writer',
    isKill: false,
    async run(patient) {
      const twin = await patient.startTwin()
      // One must leave. It is the first when the twin came while the first was finding its way back.
      const left = await Promise.race([
        twin.process.exited.then((code) => ({ isTwin: true, code })),
        patient.ingest.process.exited.then((code) => ({ isTwin: false, code })),
        sleep(ALONE_MS_MAX).then(() => null),
      ])
      if (left?.code !== 1) throw new Error(`two writers: ${JSON.stringify(left)}`)
      if (left.isTwin) return
      await twin.process.kill()
      await patient.restart()
    },
  },
]

function killedAt(point: Point, when: Trap['when']): Fault {
  return {
    name: `ingest killed ${when === 'middle' ? 'in the middle of' : when} ${point}`,
    isKill: true,
    async run(patient) {
      const killed = patient.ingest.process
      const spring = async () => {
        await killed.kill()
        return 'cut' as const
      }
      await set(patient, { point, when, spring })
      await killed.kill()
      await patient.restart()
    },
  }
}

function serverKilledAt(point: Point, when: 'before' | 'after'): Fault {
  return {
    name: `ClickHouse killed ${when} ${point}`,
    isKill: true,
    async run(patient) {
      const { capture } = patient
      const spring = async () => {
        await capture.killClickHouse()
        return 'cut' as const
      }
      const isSprung = await set(patient, { point, when, spring })
      if (!isSprung) await capture.killClickHouse()
      await capture.restartClickHouse()
    },
  }
}

function disturbed(name: string, point: Point, when: Trap['when'], spring: Trap['spring']): Fault {
  return {
    name,
    isKill: false,
    async run(patient) {
      await set(patient, { point, when, spring })
    },
  }
}

/** True when it has sprung, false when nothing came by in time. */
async function set({ proxy, provoke }: Patient, trap: Trap): Promise<boolean> {
  const sprung = proxy.set(trap, SPRUNG_MS_MAX)
  await provoke(trap.point)
  return sprung
}

export function slotOf(pipe: string): string {
  return `tributary_${pipe}`
}

async function dropSlot({ sql, pipe }: Patient) {
  for (let tries = 0; tries < 50; tries += 1) {
    const [row] = await sql<{ active: boolean }[]>`
      select active from pg_replication_slots where slot_name = ${slotOf(pipe)}
    `
    if (!row) return
    if (!row.active) {
      await sql`select pg_drop_replication_slot(${slotOf(pipe)})`
      return
    }
    await sleep(100)
  }
  throw new Error('the slot is still held')
}
