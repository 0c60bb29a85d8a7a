/** The whole HTTP surface on one page: what happens to every request, and where each feature answers. */
import { Hono } from 'hono'
import { breakerRoutes } from './features/breakers/routes.ts'
import { healthRoutes } from './features/health/routes.ts'
import { madreRoutes } from './features/madre/routes.ts'
import { metricsRoutes } from './features/metrics/routes.ts'
import { referenceRoutes } from './features/reference/routes.ts'
import { shubRoutes } from './features/shub/routes.ts'
import { statusRoutes } from './features/status/routes.ts'
import { switchRoutes } from './features/switch/routes.ts'
import { accessLog } from './http/access-log.ts'
import { allowedMethods } from './http/allowed-methods.ts'
import { bodyLimit } from './http/body-limit.ts'
import { correlationId } from './http/correlation-id.ts'
import { cors } from './http/cors.ts'
import { notFoundHandler, problemHandler } from './http/problem.ts'
import { addressLimit, principalLimit } from './http/rate-limit.ts'
import { requestTarget } from './http/request-target.ts'
import { tokenGuard } from './http/token-guard.ts'
import type { AppEnv, Deps } from './ports.ts'

export function createApp(deps: Deps) {
  const app = new Hono<AppEnv>()
    .use(correlationId(deps))
    .use(cors(deps))
    .use(accessLog(deps))
    .use(requestTarget(deps))
    .use(addressLimit(deps))
    .use(tokenGuard(deps))
    .use(principalLimit(deps))
    .use(bodyLimit(deps))

    .route('/', healthRoutes(deps))
    .route('/vx11', statusRoutes(deps))
    .route('/vx11/circuit-breaker', breakerRoutes(deps))
    .route('/metrics', metricsRoutes(deps))
    .route('/shub', shubRoutes(deps))
    .route('/madre', madreRoutes(deps))
    .route('/switch', switchRoutes(deps))

  return app
    .route('/', referenceRoutes(app))
    .onError(problemHandler(deps.log))
    .notFound(notFoundHandler(allowedMethods(app)))
}

export type AppType = ReturnType<typeof createApp>
