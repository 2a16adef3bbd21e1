/**
 * A real browser: the machine's Chromium, else the one inside an npm package, which brings the
 * libraries and fonts it needs, so that a bare machine needs nothing installed.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { root } from '../local/root.ts'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const UNPACK_MS_MAX = 60_000

type Program = { path: string; env: Record<string, string> }

export async function launchBrowser(): Promise<Browser> {
  const { path, env } = findInstalled() ?? (await unpack())
  return chromium.launch({
    executablePath: path,
    args: FLAGS,
    env: { ...environment(), ...env },
  })
}

function findInstalled(): Program | null {
  const path = [process.env.CHROMIUM_PATH ?? '', ...INSTALLED].find((file) => existsSync(file))
  return path ? { path, env: {} } : null
}

/** Once per checkout, moved into place whole, so that an interrupted run leaves no half a browser. */
export async function unpack(): Promise<Program> {
  const folder = join(root, '.cache', 'chromium')
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`
    mkdirSync(draft, { recursive: true })
    try {
      await promisify(execFile)(
        process.execPath,
        [join(import.meta.dirname, 'unpack-browser.ts')],
        {
          env: { ...environment(), TMPDIR: draft },
          timeout: UNPACK_MS_MAX,
        },
      )
      if (!existsSync(folder)) renameSync(draft, folder)
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  }
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontsIn(folder),
    },
  }
}

/**
 * The package's own list names folders of another machine. A browser that finds no font at all dies
 * of the first field it draws.
 */
function fontsIn(folder: string): string {
  const file = join(folder, 'fonts', 'here.conf')
  const folders = [join(folder, 'fonts', 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts']
  const dirs = folders.map((each) => `<dir>${each}</dir>`).join('')
  const cache = `<cachedir>${join(folder, 'fonts', 'cache')}</cachedir>`
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${dirs}${cache}</fontconfig>\n`)
  return file
}

function environment(): Record<string, string> {
  const { PATH = '', HOME = '/tmp', TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}) }
}
