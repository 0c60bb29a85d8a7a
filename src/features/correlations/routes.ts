/** GET /operator/api/events/correlations/{id}. */
import { Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { isSafeCorrelationId } from '../../lib/correlation-id.ts'
import { mapDatabaseErrors } from '../../modules/events/store/database-errors.ts'
import type { AppEnv } from '../../ports/index.ts'
import { Timeline } from './schema.ts'
import { type CorrelationDeps, readTimeline } from './service.ts'

export const correlationRoutes = (deps: CorrelationDeps) =>
  new Hono<AppEnv>().get(
    // Stored ids may contain slashes, and request targets refuse encoded ones (http/guards/request-target.ts).
    '/:id{.+}',
    describe({
      id: 'getCorrelationTimeline',
      tag: 'Events',
      summary: 'The timeline of one correlation id: events, chat, routing, proxied requests and power windows',
      answers: { 200: Timeline },
      errors: [...guardErrors, 'validation_error', 'database_unavailable'],
    }),
    noStore,
    async (c) => {
      const id = c.req.param('id')
      if (!isSafeCorrelationId(id)) throw new GatewayError('validation_error', { issues: [unsafeId] })
      return c.json(await mapDatabaseErrors(() => readTimeline(deps, id)))
    },
  )

const unsafeId = {
  loc: ['path', 'id'],
  msg: 'Expected 1 to 128 letters, digits or any of . _ : @ / + = -',
  type: 'correlation_id',
}
