import { readConfig } from './config.ts'
import { createService } from './service.ts'

const config = readConfig()
const { app } = await createService(config)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)))
}
await app.listen({ host: config.HOST, port: config.PORT })
app.log.info({ port: config.PORT }, 'semantic answers')
