import { readConfig } from './config.ts'
import { createService } from './service.ts'
import { startSqlApi } from './sql-api.ts'

const config = readConfig()
const { app, cube, views } = await createService(config)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
await app.listen({ host: config.HOST, port: config.PORT })
app.log.info({ port: config.PORT }, 'semantic answers')
// Dashboards do not need it, so they do not fail with it.
await startSqlApi(cube.sql, views, config).then(
  (port) => port && app.log.info({ port }, 'SQL is answered'),
  (error: unknown) => app.log.error({ err: error }, 'SQL is not answered'),
)
