/** The whole product, once for all end-to-end tests: `npm start` itself, in a folder that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { TestProject } from 'vitest/node'
import { isPortTaken } from '../local/port.ts'
import { root } from '../local/root.ts'
import { type Company, createCompany } from './company.ts'

const Instance = Type.Object({
  web_url: Type.String(),
  core_api_url: Type.String(),
  semantic_url: Type.String(),
  ingest_url: Type.String(),
  clickhouse_url: Type.String(),
  database_url: Type.String(),
  token_secret: Type.String(),
  admin_login: Type.String(),
  admin_password: Type.String(),
})
export type Stack = Static<typeof Instance>

declare module 'vitest' {
  interface ProvidedContext {
    stack: Stack
    company: Company
  }
}

const START_MS_MAX = 150_000
const STOP_MS_MAX = 10_000
const PORTS = 7
const PORT_BASE_MIN = 20_000
const PORT_BASES = 2_000
const PORT_TRIES_MAX = 50

export async function setup(project: TestProject) {
  const { stack, company, close } = await openStack()
  project.provide('stack', stack)
  project.provide('company', company)
  return close
}

/** The product and its company, for a test file that needs them to itself; `close` leaves nothing of either. */
export async function openStack() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-e2e-'))
  chmodSync(folder, 0o755)
  const product = spawn(process.execPath, [join(root, 'local/start.ts'), '--empty', '--verbose'], {
    env: { ...process.env, DATA_DIR: folder, PORT_BASE: String(await freePortBase()) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  async function close() {
    await stop(product)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await ready(product)
    const stack = readInstance(folder)
    return { stack, company: await createCompany(stack), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Its last line on stdout says that it is ready; everything before is progress. */
async function ready(product: ChildProcess) {
  let output = ''
  let hasEnded = false
  product.stdout?.on('data', (data: Buffer) => (output += data.toString('utf8')))
  product.once('exit', () => (hasEnded = true))
  const deadline = Date.now() + START_MS_MAX
  while (!/^\{"ready":true.*\}$/m.test(output)) {
    if (hasEnded || Date.now() > deadline) throw new Error(`npm start failed:\n${output}`)
    await sleep(50)
  }
}

async function stop(product: ChildProcess) {
  if (product.exitCode !== null) return
  const ended = new Promise((resolve) => product.once('exit', resolve))
  product.kill('SIGTERM')
  const limit = setTimeout(() => product.kill('SIGKILL'), STOP_MS_MAX)
  await ended
  clearTimeout(limit)
}

function readInstance(folder: string): Stack {
  const data: unknown = JSON.parse(readFileSync(join(folder, 'instance.json'), 'utf8'))
  if (!Value.Check(Instance, data)) throw new Error('instance.json is not what the tests need')
  return data
}

/** The first of seven ports in a row that are free; another run picks other ones at random. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < PORT_TRIES_MAX; attempt++) {
    const base = PORT_BASE_MIN + PORTS * Math.floor(Math.random() * PORT_BASES)
    const ports = Array.from({ length: PORTS }, (_, index) => base + index)
    const taken = await Promise.all(ports.map((port) => isPortTaken(port, '127.0.0.1')))
    if (!taken.includes(true)) return base
  }
  throw new Error('no seven free ports in a row were found')
}
