/** The whole HTTP surface on one page: the guards of every request, and where each feature is mounted. */
import { Hono } from 'hono'
import { assistRoutes } from './features/assist/routes.ts'
import { auditActRoutes } from './features/audit/acts/routes.ts'
import { auditRoutes } from './features/audit/routes.ts'
import { breakerRoutes } from './features/breakers/routes.ts'
import { rotationRoutes } from './features/chat/rotation/routes.ts'
import { askRoutes, reportRoutes } from './features/chat/routes.ts'
import { commandRoutes } from './features/commands/routes.ts'
import { configurationRoutes } from './features/configuration/routes.ts'
import { consoleRoutes } from './features/console/routes.ts'
import { correlationRoutes } from './features/correlations/routes.ts'
import { correlationTreeRoutes } from './features/correlations/tree/routes.ts'
import { databaseRoutes } from './features/database/routes.ts'
import { debugRoutes } from './features/debug/routes.ts'
import { ingestRoutes } from './features/events/ingest/routes.ts'
import { eventRoutes } from './features/events/routes.ts'
import { forecastRoutes } from './features/forecasts/routes.ts'
import { healthRoutes } from './features/health/routes.ts'
import { coreHermesRoutes, hermesRoutes, resourceRoutes } from './features/hermes/routes.ts'
import { hormigueroRoutes, operatorHormigueroRoutes } from './features/hormiguero/routes.ts'
import { ineeRoutes } from './features/inee/routes.ts'
import { intentRoutes } from './features/intents/routes.ts'
import { keyRoutes } from './features/keys/routes.ts'
import { ledgerRoutes } from './features/ledger/routes.ts'
import { loginRoutes } from './features/login/routes.ts'
import { madreRoutes } from './features/madre/routes.ts'
import { maintenanceRoutes } from './features/maintenance/routes.ts'
import { metricsRoutes } from './features/metrics/routes.ts'
import { metricSeriesRoutes } from './features/metrics/series/routes.ts'
import { railsRoutes } from './features/rails/routes.ts'
import { referenceRoutes } from './features/reference/routes.ts'
import { tryItRoutes } from './features/reference/try-it/routes.ts'
import { sessionListRoutes, sessionRoutes } from './features/sessions/routes.ts'
import { settingsRoutes } from './features/settings/routes.ts'
import { shubRoutes } from './features/shub/routes.ts'
import { socketRoutes, socketTicketRoutes } from './features/sockets/routes.ts'
import { coreSpawnRoutes, operatorSpawnerRoutes } from './features/spawner/routes.ts'
import { apiStatusRoutes, coreHealthRoutes } from './features/status/api/routes.ts'
import { operatorStatusRoutes } from './features/status/operator/routes.ts'
import { statusRoutes } from './features/status/routes.ts'
import { switchRoutes } from './features/switch/routes.ts'
import { taskRoutes } from './features/task/routes.ts'
import { driftRoutes } from './features/truth/drift/routes.ts'
import { gateRoutes } from './features/truth/gates/routes.ts'
import { truthRoutes } from './features/truth/routes.ts'
import { scorecardRoutes } from './features/truth/scorecard/routes.ts'
import { statusPageRoutes } from './features/truth/status-page/routes.ts'
import { webhookRoutes } from './features/webhooks/routes.ts'
import { whoAmIRoutes } from './features/whoami/routes.ts'
import { coreWindowRoutes } from './features/windows/core/routes.ts'
import { powerRoutes } from './features/windows/power/routes.ts'
import { windowListRoutes, windowRoutes } from './features/windows/routes.ts'
import { notFoundHandler, problemHandler } from './http/answer/problem.ts'
import { attemptAct } from './http/audit/attempt-act.ts'
import { bodyLimit } from './http/guards/body-limit.ts'
import { correlationId } from './http/guards/correlation-id.ts'
import { cors } from './http/guards/cors.ts'
import { guards } from './http/guards/guards.ts'
import { identify } from './http/guards/identify.ts'
import { loop } from './http/guards/loop.ts'
import { observerMode } from './http/guards/observer-mode.ts'
import { addressLimit, principalLimit } from './http/guards/rate-limit.ts'
import { requestScope } from './http/guards/request-scope.ts'
import { requestTarget } from './http/guards/request-target.ts'
import { tokenGuard } from './http/guards/token-guard.ts'
import { CachingRouter } from './http/router/caching-router.ts'
import { asOneHandler } from './http/router/one-handler.ts'
import { routedPath } from './http/routing/aliases.ts'
import { allowedMethods } from './http/routing/allowed-methods.ts'
import { operatorEndpoints } from './http/routing/operator-endpoints.ts'
import { wakeGuard } from './http/wake/wake-guard.ts'
import { degradedPorts } from './modules/power/degraded-ports.ts'
import type { AppEnv, Deps } from './ports/index.ts'
import { createServices, type Services } from './services.ts'

function createApp(deps: Services) {
  const guard = guards(
    correlationId(deps),
    cors(deps),
    loop(deps),
    requestTarget(deps),
    identify(deps),
    addressLimit(deps),
    tokenGuard(deps),
    principalLimit(deps),
    bodyLimit(deps),
    observerMode(deps),
    wakeGuard(deps),
    attemptAct(deps),
  )
  const onError = problemHandler(deps)
  const app = new Hono<AppEnv>({ getPath: routedPath, router: new CachingRouter(asOneHandler) })
    .use(requestScope(deps, guard, onError))

    .route('/', healthRoutes(deps))
    .route('/', consoleRoutes(deps))
    .route('/status', statusPageRoutes(deps))
    .route('/vx11', statusRoutes(deps))
    .route('/operator', operatorStatusRoutes(deps))
    .route('/operator/api', apiStatusRoutes(deps))
    .route('/api/internal', coreHealthRoutes(deps))
    .route('/vx11/db', databaseRoutes(deps))
    .route('/vx11/circuit-breaker', breakerRoutes(deps))
    .route('/vx11/hermes', coreHermesRoutes(deps))
    .route('/vx11', intentRoutes(deps))
    .route('/vx11', coreSpawnRoutes(deps))
    .route('/vx11/window', coreWindowRoutes(deps))
    .route('/operator/api/whoami', whoAmIRoutes(deps))
    .route('/operator/api/keys', keyRoutes(deps))
    .route('/operator/api/config', configurationRoutes(deps))
    .route('/operator/api/webhooks', webhookRoutes(deps))
    .route('/operator/api/window', windowRoutes(deps, 'Api'))
    .route('/operator/api/windows', windowListRoutes(deps))
    .route('/operator/api/chat/window', windowRoutes(deps, 'Chat'))
    .route('/operator/api/chat', askRoutes(deps, 'Chat'))
    .route('/operator/api/chat', reportRoutes(deps))
    .route('/operator/api/chat', sessionListRoutes(deps))
    .route('/operator/api/chat/rotation', rotationRoutes(deps))
    .route('/operator/api/chat/commands', commandRoutes(deps))
    .route('/operator/api/assist/deepseek_r1', assistRoutes(deps))
    .route('/operator/task', taskRoutes(deps))
    .route('/operator/session', sessionRoutes(deps))
    .route('/operator/chat', askRoutes(deps, 'OperatorChat'))
    .route('/operator/chat/ask', askRoutes(deps, 'OperatorChatAsk'))
    .route('/operator/power/window', windowRoutes(deps, 'Power'))
    .route('/operator/power', powerRoutes(deps))
    .route('/operator/api/maintenance', maintenanceRoutes(deps))
    .route('/operator/api/truth', truthRoutes(deps))
    .route('/operator/api/forecasts', forecastRoutes(deps))
    .route('/operator/api/gates', gateRoutes(deps))
    .route('/operator/api/drift', driftRoutes(deps))
    .route('/operator/api/scorecard', scorecardRoutes(deps))
    .route('/operator/api/spawner', operatorSpawnerRoutes(deps))
    .route('/operator/api/hormiguero', operatorHormigueroRoutes(deps))
    .route('/operator/inee', ineeRoutes(deps))
    .route('/operator/api/audit/acts', auditActRoutes(deps))
    .route('/operator/api/audit', auditRoutes(deps))
    .route('/operator/api/rails', railsRoutes(deps))
    .route('/operator/api/settings', settingsRoutes(deps))
    .route('/operator/api/metrics', metricSeriesRoutes(deps))
    .route('/operator/api/events', eventRoutes(deps))
    .route('/operator/api/ledger', ledgerRoutes(deps))
    .route('/events/ingest', ingestRoutes(deps))
    .route('/operator/api/events/ws-token', socketTicketRoutes(deps))
    .route('/operator/api/events/correlations', correlationRoutes(deps))
    .route('/operator/api/correlations', correlationTreeRoutes(deps))
    .route('/debug', debugRoutes(deps))
    .route('/ws', socketRoutes(deps))
    .route('/metrics', metricsRoutes(deps))
    .route('/resources', resourceRoutes(deps))
    .route('/hermes', hermesRoutes(deps))
    .route('/hormiguero', hormigueroRoutes(deps))
    .route('/auth', loginRoutes(deps))
    .route('/docs/try', tryItRoutes(deps))
    .route('/shub', shubRoutes(deps))
    .route('/madre', madreRoutes(deps))
    .route('/switch', switchRoutes(deps))

  return app
    .route('/', referenceRoutes(app, deps))
    .onError(onError)
    .notFound(notFoundHandler(allowedMethods(app), operatorEndpoints(app)))
}

export type AppType = ReturnType<typeof createApp>

export interface Gateway {
  services: Services
  app: AppType
}

/** Creates services and app together, because services send requests to the app. */
export function createGateway(ports: Deps): Gateway {
  const services = createServices(ports, {
    fetch: (request, env) => app.fetch(request, env),
    degradedTwin: () => createGateway(degradedPorts(ports)).services.ask,
  })
  const app: AppType = createApp(services)
  return { services, app }
}
