/** Unpacks Chromium, its libraries and its fonts into TMPDIR: where the package puts what it unpacks. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { inflate } from '@sparticuz/chromium'

const ARCHIVES = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']

const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
const folder = join(dirname(entry), '..', 'bin')
await Promise.all(ARCHIVES.map((name) => inflate(join(folder, name))))
