import Fastify, { LogController, type FastifyServerOptions } from 'fastify'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { alerts } from './alerts/routes.ts'
import { annotations } from './annotations/routes.ts'
import { audit } from './audit/routes.ts'
import { catalog } from './catalog/routes.ts'
import { commissions } from './commissions/routes.ts'
import { customers } from './customers/routes.ts'
import { distributors } from './distributors/routes.ts'
import { find } from './find/routes.ts'
import { funnel } from './funnel/routes.ts'
import { goals } from './goals/routes.ts'
import { identity } from './identity/routes.ts'
import { findSession } from './identity/service.ts'
import { instance } from './instance/routes.ts'
import { journal } from './journal/routes.ts'
import type { Sql } from './lib/postgres.ts'
import { orders } from './orders/routes.ts'
import { addAuth } from './plugins/auth.ts'
import { addBody } from './plugins/body.ts'
import { addErrors, refuseAddress } from './plugins/errors.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { promo } from './promo/routes.ts'
import { purchases } from './purchases/routes.ts'
import { stock } from './stock/routes.ts'
import { transfers } from './transfers/routes.ts'

const BODY_BYTES_MAX = 2 * 1024 * 1024
const RECEIVE_MS_MAX = 30_000
/** Longer than a statement may take, so that normally the database says first what is the matter. */
const ANSWER_MS_MAX = 15_000

type Parts = {
  sql: Sql
  tokenSecret: string
  logger: FastifyServerOptions['logger']
  /** Without it the other end of the connection is the client, whatever its headers say. */
  trustProxy?: string
}

export async function buildApp({ sql, tokenSecret, logger, trustProxy }: Parts) {
  const app = Fastify({
    logger: logger ?? false,
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: trustProxy || false,
    requestTimeout: RECEIVE_MS_MAX,
    handlerTimeout: ANSWER_MS_MAX,
    exposeHeadRoutes: false,
    frameworkErrors: refuseAddress,
    // One request is two lines at the default level, for every click of every shop; errors are logged anyway.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.decorate('sql', sql)

  addBody(app)
  addErrors(app)
  addAuth(app, (tokenHash) => findSession(sql, tokenHash))
  await addOpenApi(app)

  await app.register(instance)
  await app.register(identity, { tokenSecret })
  await app.register(catalog)
  await app.register(customers)
  await app.register(distributors)
  await app.register(orders)
  await app.register(stock)
  await app.register(commissions)
  await app.register(funnel)
  await app.register(journal)
  await app.register(promo)
  await app.register(audit)
  await app.register(alerts)
  await app.register(transfers)
  await app.register(purchases)
  await app.register(goals)
  await app.register(find)
  await app.register(annotations)
  return app
}
