import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { afterEach, expect, test } from 'vitest'
import { root } from '../local/root.ts'
import { processesOf } from './processes.ts'
import { freePortBase } from './stack.ts'

const GONE_MS_MAX = 10_000
const SECOND_START_MS_MAX = 10_000
const READY = /^\{"ready":true.*\}$/m

const Ready = Type.Object({
  ready: Type.Literal(true),
  web_url: Type.String(),
  core_api_url: Type.String(),
  semantic_url: Type.String(),
  ingest_url: Type.String(),
  clickhouse_url: Type.String(),
  database_url: Type.String(),
  start_ms: Type.Number(),
  first_run: Type.Boolean(),
})
type Ready = Static<typeof Ready>

type Run = { npm: ChildProcess; output: () => string; ended: Promise<number | null> }

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) {
    for (const line of processesOf(folder)) process.kill(Number.parseInt(line), 'SIGKILL')
    await sleep(100)
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a second start takes less than ten seconds, brings back what falls, and leaves nobody behind', async () => {
  const { folder, env } = await givenFolder()
  const first = start(env)
  expect(await ready(first)).toMatchObject({ first_run: true })

  const twin = start(env)
  expect(await twin.ended).toBe(1)
  expect(twin.output()).toContain('already running')

  await expectNobodyAfter(folder, () => first.npm.kill('SIGTERM'))

  const second = start(env)
  const line = await ready(second)
  expect(line).toMatchObject({ first_run: false })
  expect(line.start_ms).toBeLessThan(SECOND_START_MS_MAX * otherWork())

  await expectRecoveryAfter(second, () => kill(folder, /bin\/postgres -D/))
  await expectRecoveryAfter(second, () => kill(folder, /clickhouse\/server\.ts/))
  await expectRecoveryAfter(second, () => kill(folder, /core-api\/src\/server\.ts/))
  await expectNobodyAfter(folder, () => signalGroup(second, 'SIGINT'))
})

for (const after of [300, 1_500, 4_000]) {
  test(`Ctrl-C ${after} ms into a first start leaves nobody behind`, async () => {
    const { folder, env } = await givenFolder()
    const run = start(env)
    await sleep(after)
    await expectNobodyAfter(folder, () => signalGroup(run, 'SIGINT'))
  })
}

test('npm killed outright takes everything with it', async () => {
  const { folder, env } = await givenFolder()
  const run = start(env)
  await ready(run)
  await expectNobodyAfter(folder, () => run.npm.kill('SIGKILL'))
})

test('a taken port is named, with the variable that moves it', async () => {
  const { env } = await givenFolder()
  const port = Number(env.PORT_BASE) + 2
  const squatter = createServer().listen(port, '127.0.0.1')
  const run = start(env)
  expect(await run.ended).toBe(1)
  expect(run.output()).toMatch(new RegExp(`Port ${port} \\(semantic\\) is taken: set PORT_BASE`))
  squatter.close()
})

test('an option that does not exist is wrong usage: exit code 2 and one line that says the right one', async () => {
  const { env } = await givenFolder()
  const run = start(env, ['--', '--nonsense'])
  expect(await run.ended).toBe(2)
  expect(run.output()).toContain('usage: npm start')
})

function start(env: Record<string, string>, args = ['--', '--empty']): Run {
  const npm = spawn('npm', ['start', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    // A group of its own, as a shell gives every command: the tests signal all of it, or npm alone.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  npm.stdout.on('data', (data: Buffer) => (output += data.toString('utf8')))
  npm.stderr.on('data', (data: Buffer) => (output += data.toString('utf8')))
  const ended = new Promise<number | null>((resolve) => npm.once('close', resolve))
  return { npm, output: () => output, ended }
}

async function ready(run: Run): Promise<Ready> {
  await expect.poll(run.output, { timeout: 90_000 }).toMatch(READY)
  return readyLine(run)
}

function readyLine(run: Run): Ready {
  const line: unknown = JSON.parse(READY.exec(run.output())?.[0] ?? '{}')
  if (Value.Check(Ready, line)) return line
  throw new Error(`this is not the line of commands.md: ${run.output()}`)
}

/** Everything answers again, and the stream has what was committed since. */
async function expectRecoveryAfter(run: Run, fall: () => void) {
  const before = run.output().split('is running again').length
  fall()
  const recoveries = () => run.output().split('is running again').length
  await expect.poll(recoveries, { timeout: 30_000 }).toBeGreaterThan(before)
  const { core_api_url, semantic_url, ingest_url } = readyLine(run)
  for (const url of [core_api_url, semantic_url, ingest_url]) {
    await expect.poll(() => isHealthy(`${url}/health`), { timeout: 30_000 }).toBe(true)
  }
}

/** The promise is for a machine of one's own: where others compute too, it takes as much longer. */
function otherWork(): number {
  return Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
}

function isHealthy(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}

function kill(folder: string, command: RegExp) {
  const line = processesOf(folder).find((candidate) => command.test(candidate))
  if (line === undefined) throw new Error(`nothing like ${command} is running`)
  process.kill(Number.parseInt(line), 'SIGKILL')
}

function signalGroup(run: Run, signal: NodeJS.Signals) {
  if (run.npm.pid !== undefined) process.kill(-run.npm.pid, signal)
}

async function expectNobodyAfter(folder: string, signal: () => void) {
  expect(processesOf(folder)).not.toEqual([])
  signal()
  await expect.poll(() => processesOf(folder), { timeout: GONE_MS_MAX, interval: 200 }).toEqual([])
}

async function givenFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-start-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  // TMPDIR reaches every process, so the folder's name tells all of them from anybody else's.
  const base = await freePortBase()
  const env = { DATA_DIR: join(folder, 'data'), TMPDIR: folder, PORT_BASE: String(base) }
  return { folder, env }
}
