/** The whole HTTP surface on one page: what happens to every request, and where each feature answers. */
import { Hono } from 'hono'
import { assistRoutes } from './features/assist/routes.ts'
import { breakerRoutes } from './features/breakers/routes.ts'
import { askRoutes, reportRoutes } from './features/chat/routes.ts'
import { chatService } from './features/chat/service.ts'
import { commandRoutes } from './features/commands/routes.ts'
import { healthRoutes } from './features/health/routes.ts'
import { madreRoutes } from './features/madre/routes.ts'
import { metricsRoutes } from './features/metrics/routes.ts'
import { referenceRoutes } from './features/reference/routes.ts'
import { sessionListRoutes, sessionRoutes } from './features/sessions/routes.ts'
import { shubRoutes } from './features/shub/routes.ts'
import { statusRoutes } from './features/status/routes.ts'
import { switchRoutes } from './features/switch/routes.ts'
import { taskRoutes } from './features/task/routes.ts'
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
  const guarded = { ...ports, policy, upstreams: policy.watch(ports.upstreams) }
  const deps = { ...guarded, chat: chatService(guarded) }
  /** For what a chat command calls. */
  let self: (request: Request, env: unknown) => Response | Promise<Response>
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
    .route('/operator/api/chat', askRoutes(deps, 'Chat'))
    .route('/operator/api/chat', reportRoutes(deps))
    .route('/operator/api/chat', sessionListRoutes(deps))
    .route('/operator/api/chat/commands', commandRoutes({ ...deps, dispatch: (request, env) => self(request, env) }))
    .route('/operator/api/assist/deepseek_r1', assistRoutes(deps))
    .route('/operator/task', taskRoutes(deps))
    .route('/operator/session', sessionRoutes(deps))
    .route('/operator/chat', askRoutes(deps, 'OperatorChat'))
    .route('/operator/chat/ask', askRoutes(deps, 'OperatorChatAsk'))
    .route('/operator/power/window', windowRoutes(deps, 'Power'))
    .route('/operator/power', powerRoutes(deps))
    .route('/metrics', metricsRoutes(deps))
    .route('/shub', shubRoutes(deps))
    .route('/madre', madreRoutes(deps))
    .route('/switch', switchRoutes(deps))

  self = (request, env) => app.fetch(request, env as object)

  return app
    .route('/', referenceRoutes(app))
    .onError(problemHandler(deps))
    .notFound(notFoundHandler(allowedMethods(app)))
}

export type AppType = ReturnType<typeof createApp>
