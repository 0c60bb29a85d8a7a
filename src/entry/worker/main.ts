/** The gateway as a Worker: config, deps, app, export. */
import { createApp } from '../../app.ts'
import { ConfigError, parseConfig } from '../../config/config.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { everyMinute } from '../../periodic.ts'
import { workerDeps } from './worker-deps.ts'
import { textVariables, type WorkerEnv } from './worker-env.ts'

export { LimiterObject } from '../../adapters/durable-object/limiter.ts'
export { GatewayEventsObject } from './worker-events.ts'

let gateway: { deps: ReturnType<typeof workerDeps>; app: ReturnType<typeof createApp> } | undefined

/** Once per isolate; the bindings are the same for every request of it. */
function openGateway(env: WorkerEnv) {
  if (!gateway) {
    const deps = workerDeps(parseConfig(textVariables(env)), env)
    gateway = { deps, app: createApp(deps) }
  }
  return gateway
}

export default {
  async fetch(request, env, context) {
    try {
      const { app, deps } = openGateway(env)
      const answer = await app.fetch(request, env, context)
      // The cron trigger reaches one isolate; the others write their minute down beside the requests they get.
      if (deps.flushMetrics) context.waitUntil(deps.flushMetrics())
      return answer
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return Response.json({ error: 'bad_configuration', detail: error.message, status_code: 503 }, { status: 503 })
    }
  },
  async scheduled(_controller, env) {
    const { deps } = openGateway(env)
    await Promise.all([everyMinute(deps), checkHealth(deps)])
  },
} satisfies ExportedHandler<WorkerEnv>

/** Four at once: a Worker may have six connections. Only this isolate remembers what it learns here. */
const checkHealth = ({ healthChecks }: ReturnType<typeof workerDeps>) =>
  mapLimit(healthChecks.names, 4, (name) => healthChecks.check(name))
