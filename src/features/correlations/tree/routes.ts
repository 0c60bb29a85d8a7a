/** GET /operator/api/correlations and /operator/api/correlations/{id}. */
import { type Context, Hono } from 'hono'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { linkNext } from '../../../http/answer/link-next.ts'
import { noStore } from '../../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesQuery } from '../../../http/routing/parameters.ts'
import type { AppEnv } from '../../../ports/index.ts'
import { correlationIdParameter } from '../id-parameter.ts'
import type { Reader } from '../store/reader.ts'
import { Correlation, CorrelationList, CorrelationsQuery } from './schema.ts'
import { listCorrelations, readCorrelation, type TreeDeps } from './service.ts'

export const correlationTreeRoutes = (deps: TreeDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'listCorrelations',
        tag: 'Events',
        summary: 'Correlations by their newest record: recent ones, or those that failed or were slow',
        answers: { 200: CorrelationList },
        errors: [...guardErrors, 'validation_error', 'database_unavailable'],
        lists: true,
      }),
      takesQuery(CorrelationsQuery),
      noStore,
      async (c) => {
        const page = await listCorrelations(deps, c.req.valid('query'), readerOf(c))
        return c.json(linkNext(c, { ...page, correlation_id: c.get('correlationId') }))
      },
    )
    .get(
      // Stored ids may contain slashes, which request targets take only as they are (http/guards/request-target.ts).
      '/:id{.+}',
      describe({
        id: 'getCorrelation',
        tag: 'Events',
        summary: 'One correlation as a tree with start, duration and outcome of each node, and why it went so',
        answers: { 200: Correlation },
        errors: [...guardErrors, 'validation_error', 'correlation_not_found', 'database_unavailable'],
      }),
      noStore,
      async (c) => c.json(await readCorrelation(deps, correlationIdParameter(c.req.param('id')), readerOf(c))),
    )

function readerOf(c: Context<AppEnv>): Reader {
  const principal = c.get('principal')
  if (!principal) throw new GatewayError('auth_required')
  return principal
}
