/**
 * Loads Cube. Where the binary of `@cubejs-backend/native` is installed it is used as it is; where it is not
 * (its post-install downloads from GitHub, which a firewall or `ignore-scripts` prevents) the few of its exports
 * that REST needs are replaced here before Cube's server core is loaded, for it looks them up once at load.
 */
import { createRequire } from 'node:module'
import { finalResult, finalResults } from './result.ts'

const require = createRequire(import.meta.url)

/** Cube reads its settings from the environment and nowhere else, so here is where they are fixed. */
const SETTINGS = {
  // Anything but production lets a request without a valid token through.
  NODE_ENV: 'production',
  // The default planner lives in the binary.
  CUBEJS_TESSERACT_SQL_PLANNER: 'false',
  CUBEJS_REFRESH_KEY_LOCAL_TIME: 'true',
  CUBEJS_EXTERNAL_DEFAULT: 'false',
  CUBEJS_SCHEDULED_REFRESH_DEFAULT: 'false',
  CUBEJS_TELEMETRY: 'false',
}

export type CubeModules = {
  serverCore: typeof import('@cubejs-backend/server-core')
  apiGateway: typeof import('@cubejs-backend/api-gateway')
  native: typeof import('@cubejs-backend/native')
  isNative: boolean
}

export function loadCube(): CubeModules {
  Object.assign(process.env, SETTINGS)
  // Cube warns on stdout, which belongs to those who script against the process.
  Object.assign(require('@cubejs-backend/shared/dist/src/cli.js'), {
    displayCLIWarning: (message: string) => console.error(message),
  })
  const isNative = hasBinary()
  if (!isNative) replaceNative()
  return {
    serverCore: require('@cubejs-backend/server-core'),
    apiGateway: require('@cubejs-backend/api-gateway'),
    native: require('@cubejs-backend/native'),
    isNative,
  }
}

function hasBinary() {
  try {
    require('@cubejs-backend/native').loadNative()
    return true
  } catch {
    return false
  }
}

function replaceNative() {
  const native = require('@cubejs-backend/native')
  Object.assign(native, {
    setupLogger: () => {},
    registerInterface: async () => ({}),
    shutdownInterface: async () => {},
    isFallbackBuild: () => true,
    // Only Cube's log shows these, and a log without the statement leaks no literal.
    redactSqlLiterals: () => '(not shown)',
    getFinalQueryResult: async (...argument: Parameters<typeof finalResult>) =>
      encode(finalResult(...argument)),
    getFinalQueryResultMulti: async (...argument: Parameters<typeof finalResults>) =>
      encode(finalResults(...argument)),
  })
  Object.assign(native.NativeInstance.prototype, {
    // An engine is made for every compilation, also when no file of the model is a template.
    newJinjaEngine: () => ({
      loadTemplate: () => refuse('Jinja in a model'),
      renderTemplate: () => refuse('Jinja in a model'),
    }),
    loadPythonContext: () => refuse('Python in a model'),
  })
}

function encode(value: unknown) {
  return Buffer.from(JSON.stringify(value))
}

function refuse(what: string): never {
  throw new Error(`${what} needs the binary of @cubejs-backend/native, which is not installed`)
}
