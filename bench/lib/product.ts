/** The whole product, started as `npm start` does, in a folder that goes with the benchmark. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../local/root.ts'
import { freePortBase, type Stack } from '../../test/stack.ts'
import { onStop } from './engines.ts'

const START_MS_MAX = 420_000
const STOP_MS_MAX = 10_000
/** Everybody in the demo has the one password that it was given. */
const DEMO_LOGIN = 'admin'

type Demo = Omit<Stack, 'admin_login' | 'admin_password'> & { demo_password: string }

/** `flags` as `npm start` takes them: `--empty`, or the demo with `--rate`. */
export async function startProduct(flags: string[]): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
  chmodSync(folder, 0o755)
  onStop(async () => rmSync(folder, { recursive: true, force: true }))
  const product = spawn(process.execPath, [join(root, 'local/start.ts'), ...flags], {
    env: { ...process.env, DATA_DIR: folder, PORT_BASE: String(await freePortBase()) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => product.once('exit', resolve))
  onStop(async () => {
    product.kill('SIGTERM')
    await Promise.race([ended, sleep(STOP_MS_MAX)])
  })
  let output = ''
  product.stdout.on('data', (data: Buffer) => (output += data.toString('utf8')))
  const deadline = Date.now() + START_MS_MAX
  while (!/^\{"ready":true.*\}$/m.test(output)) {
    if (product.exitCode !== null || Date.now() > deadline) {
      throw new Error(`npm start failed:\n${output}`)
    }
    await sleep(50)
  }
  const instance: Stack | Demo = JSON.parse(readFileSync(join(folder, 'instance.json'), 'utf8'))
  if (!('demo_password' in instance)) return instance
  return { ...instance, admin_login: DEMO_LOGIN, admin_password: instance.demo_password }
}
