/** The whole HTTP surface on one page: what happens to every request, and where each feature answers. */
import { Hono } from 'hono'
import { breakerRoutes } from './features/breakers/routes.ts'
import { databaseRoutes } from './features/database/routes.ts'
import { healthRoutes } from './features/health/routes.ts'
import { madreRoutes } from './features/madre/routes.ts'
import { metricsRoutes } from './features/metrics/routes.ts'
import { referenceRoutes } from './features/reference/routes.ts'
import { shubRoutes } from './features/shub/routes.ts'
import { statusRoutes } from './features/status/routes.ts'
import { switchRoutes } from './features/switch/routes.ts'
import { truthRoutes } from './features/truth/routes.ts'
import { runtimeTruth } from './features/truth/service.ts'
import { coreWindowRoutes } from './features/windows/core/routes.ts'
import { powerRoutes } from './features/windows/power/routes.ts'
import { windowRoutes } from './features/windows/routes.ts'
import { accessLog } from './http/access-log.ts'
import { routedPath } from './http/aliases.ts'
import { allowedMethods } from './http/allowed-methods.ts'
import { answerHeaders } from './http/answer.ts'
import { bodyLimit } from './http/body-limit.ts'
import { correlationId } from './http/correlation-id.ts'
import { cors } from './http/cors.ts'
import { guards } from './http/guards.ts'
import { operatorEndpoints } from './http/operator-endpoints.ts'
import { ownCaller } from './http/own-caller.ts'
import { notFoundHandler, problemHandler } from './http/problem.ts'
import { addressLimit, principalLimit } from './http/rate-limit.ts'
import { requestTarget } from './http/request-target.ts'
import { tokenGuard } from './http/token-guard.ts'
import { databaseHealth } from './measured/database-health.ts'
import { rowCounter } from './measured/row-counts.ts'
import { observerMode } from './policy/observer-mode.ts'
import { powerPolicy } from './policy/power-policy.ts'
import { renewsWindows } from './policy/renewal.ts'
import type { AppEnv, Deps } from './ports.ts'

export function createApp(ports: Deps) {
  const power = powerPolicy(ports)
  const upstreams = power.watch(ports.upstreams)
  const policy = renewsWindows(power, { ...ports, upstreams })
  const own = ownCaller(ports.random, (request): Response | Promise<Response> => app.fetch(request, {}))
  const config = { ...ports.config, principals: [...ports.config.principals, own.principal] }
  const truth = runtimeTruth({ ...ports, policy, ask: own.ask })
  ports.minutely.add(truth.keep).add(rowCounter(ports))
  const readDatabaseHealth = databaseHealth(ports)
  const deps = { ...ports, config, policy, upstreams, ask: own.ask, truth, readDatabaseHealth }
  const app = new Hono<AppEnv>({ getPath: routedPath })
    .use(answerHeaders)
    .use(accessLog(deps))
    .use(
      guards(
        correlationId(deps),
        cors(deps),
        requestTarget(deps),
        addressLimit(deps),
        tokenGuard(deps),
        principalLimit(deps),
        bodyLimit(deps),
        observerMode(deps),
      ),
    )

    .route('/', healthRoutes(deps))
    .route('/', statusRoutes(deps))
    .route('/vx11/db', databaseRoutes(deps))
    .route('/vx11/circuit-breaker', breakerRoutes(deps))
    .route('/vx11/window', coreWindowRoutes(deps))
    .route('/operator/api/window', windowRoutes(deps, 'Api'))
    .route('/operator/api/chat/window', windowRoutes(deps, 'Chat'))
    .route('/operator/power/window', windowRoutes(deps, 'Power'))
    .route('/operator/power', powerRoutes(deps))
    .route('/operator/api/truth', truthRoutes(deps))
    .route('/metrics', metricsRoutes(deps))
    .route('/shub', shubRoutes(deps))
    .route('/madre', madreRoutes(deps))
    .route('/switch', switchRoutes(deps))

  return app
    .route('/', referenceRoutes(app))
    .onError(problemHandler(deps))
    .notFound(notFoundHandler(allowedMethods(app), operatorEndpoints(app)))
}

export type AppType = ReturnType<typeof createApp>
