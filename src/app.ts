/** The whole HTTP surface on one page: what happens to every request, and where each feature answers. */
import { Hono } from 'hono'
import { breakerRoutes } from './features/breakers/routes.ts'
import { correlationRoutes } from './features/correlations/routes.ts'
import { debugRoutes } from './features/debug/routes.ts'
import { ingestRoutes } from './features/events/ingest/routes.ts'
import { eventRoutes } from './features/events/routes.ts'
import { healthRoutes } from './features/health/routes.ts'
import { ledgerRoutes } from './features/ledger/routes.ts'
import { madreRoutes } from './features/madre/routes.ts'
import { metricsRoutes } from './features/metrics/routes.ts'
import { referenceRoutes } from './features/reference/routes.ts'
import { shubRoutes } from './features/shub/routes.ts'
import { socketRoutes, socketTicketRoutes } from './features/sockets/routes.ts'
import { statusRoutes } from './features/status/routes.ts'
import { switchRoutes } from './features/switch/routes.ts'
import { coreWindowRoutes } from './features/windows/core/routes.ts'
import { powerRoutes } from './features/windows/power/routes.ts'
import { windowRoutes } from './features/windows/routes.ts'
import { accessLog } from './http/access-log.ts'
import { allowedMethods } from './http/allowed-methods.ts'
import { answerHeaders } from './http/answer.ts'
import { bodyLimit } from './http/body-limit.ts'
import { correlationId } from './http/correlation-id.ts'
import { cors } from './http/cors.ts'
import { notFoundHandler, problemHandler } from './http/problem.ts'
import { addressLimit, principalLimit } from './http/rate-limit.ts'
import { requestTarget } from './http/request-target.ts'
import { tokenGuard } from './http/token-guard.ts'
import { observerMode } from './policy/observer-mode.ts'
import { powerPolicy } from './policy/power-policy.ts'
import type { AppEnv, Deps } from './ports.ts'

export function createApp(ports: Deps) {
  const policy = powerPolicy(ports)
  const deps = { ...ports, policy, upstreams: policy.watch(ports.upstreams) }
  const app = new Hono<AppEnv>()
    .use(answerHeaders)
    .use(correlationId(deps))
    .use(cors(deps))
    .use(accessLog(deps))
    .use(requestTarget(deps))
    .use(addressLimit(deps))
    .use(tokenGuard(deps))
    .use(principalLimit(deps))
    .use(bodyLimit(deps))
    .use(observerMode(deps))

    .route('/', healthRoutes(deps))
    .route('/vx11', statusRoutes(deps))
    .route('/vx11/circuit-breaker', breakerRoutes(deps))
    .route('/vx11/window', coreWindowRoutes(deps))
    .route('/operator/api/window', windowRoutes(deps, 'Api'))
    .route('/operator/api/chat/window', windowRoutes(deps, 'Chat'))
    .route('/operator/power/window', windowRoutes(deps, 'Power'))
    .route('/operator/power', powerRoutes(deps))
    .route('/operator/api/events', eventRoutes(deps))
    .route('/operator/api/ledger', ledgerRoutes(deps))
    .route('/events/ingest', ingestRoutes(deps))
    .route('/operator/api/events/ws-token', socketTicketRoutes(deps))
    .route('/operator/api/events/correlations', correlationRoutes(deps))
    .route('/debug', debugRoutes(deps))
    .route('/ws', socketRoutes(deps))
    .route('/metrics', metricsRoutes(deps))
    .route('/shub', shubRoutes(deps))
    .route('/madre', madreRoutes(deps))
    .route('/switch', switchRoutes(deps))

  return app
    .route('/', referenceRoutes(app))
    .onError(problemHandler(deps))
    .notFound(notFoundHandler(allowedMethods(app)))
}

export type AppType = ReturnType<typeof createApp>
