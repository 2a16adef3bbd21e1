/** Which instance history goes into: the one named, the one the environment names, or the one of this folder. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envSchema from 'env-schema'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'

const Config = Type.Object({
  DATABASE_URL: Type.Optional(Type.String({ minLength: 1 })),
  DATA_DIR: Type.String({ default: '.data' }),
})

/** What a running instance leaves in its data folder. */
const Running = Type.Object({
  web_url: Type.Optional(Type.String()),
  core_api_url: Type.Optional(Type.String()),
  database_url: Type.String(),
})

export class NoInstance extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoInstance'
  }
}

export type Target = { databaseUrl: string; dataFolder: string }

/** `instance` is a Postgres address, or the address of an instance that runs on this machine. */
export function findTarget(instance: string | undefined): Target {
  const { DATABASE_URL, DATA_DIR } = envSchema<Static<typeof Config>>({ schema: Config })
  const dataFolder = resolve(DATA_DIR)
  if (instance !== undefined && /^postgres(ql)?:/.test(instance)) {
    return { databaseUrl: instance, dataFolder }
  }
  if (instance === undefined && DATABASE_URL !== undefined) {
    return { databaseUrl: DATABASE_URL, dataFolder }
  }

  const running = readRunning(join(dataFolder, 'instance.json'))
  const urls = [running.web_url, running.core_api_url].map((url) => url && new URL(url).origin)
  if (instance !== undefined && !urls.includes(originOf(instance))) {
    throw new NoInstance(
      `${instance} is not the instance of ${dataFolder}: set DATA_DIR to its data folder, or give its postgres:// address`,
    )
  }
  return { databaseUrl: running.database_url, dataFolder }
}

function readRunning(file: string): Static<typeof Running> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new NoInstance(
      `no instance runs here (${file}): start one with npm start, or set DATABASE_URL`,
    )
  }
  if (!Value.Check(Running, content)) throw new NoInstance(`${file} names no database`)
  return content
}

function originOf(url: string): string {
  if (!URL.canParse(url)) throw new NoInstance(`${url} is no address`)
  return new URL(url).origin
}
