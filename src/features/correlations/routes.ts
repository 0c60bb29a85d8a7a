/** GET /operator/api/events/correlations/{id}. */
import { Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { mapDatabaseErrors } from '../../modules/events/store/database-errors.ts'
import type { AppEnv } from '../../ports/index.ts'
import { correlationIdParameter } from './id-parameter.ts'
import { Timeline } from './schema.ts'
import { type CorrelationDeps, readTimeline } from './service.ts'

export const correlationRoutes = (deps: CorrelationDeps) =>
  new Hono<AppEnv>().get(
    // Stored ids may contain slashes, which request targets take only as they are (http/guards/request-target.ts).
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
      const id = correlationIdParameter(c.req.param('id'))
      const reader = c.get('principal')
      if (!reader) throw new GatewayError('auth_required')
      return c.json(await mapDatabaseErrors(() => readTimeline(deps, id, reader)))
    },
  )
