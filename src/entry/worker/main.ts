/** The gateway as a Worker: config, deps, services, app, export. */
import { createGateway, type Gateway } from '../../app.ts'
import { ConfigError, describeUnknown, readConfiguration, unknownVariables } from '../../config/config.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { everyMinute, type Services } from '../../services.ts'
import { workerDeps } from './worker-deps.ts'
import { textVariables, type WorkerEnv } from './worker-env.ts'

export { LimiterObject } from '../../adapters/durable-object/limiter.ts'
export { GatewayEventsObject } from './worker-events.ts'

let opened: Gateway | undefined

/** Called once per isolate; its bindings do not change. */
const openGateway = (env: WorkerEnv): Gateway => {
  opened ??= newGateway(env)
  return opened
}

function newGateway(env: WorkerEnv): Gateway {
  const reading = readConfiguration(textVariables(env))
  const deps = workerDeps(reading, env)
  for (const unknown of unknownVariables(reading.sources.variables))
    deps.log.warn('unknown_variable', { reason: describeUnknown(unknown) })
  return createGateway(deps)
}

export default {
  async fetch(request, env, context) {
    try {
      const { app, services } = openGateway(env)
      const answer = await app.fetch(request, env, context)
      // The cron trigger reaches one isolate; the others flush, and tell of use, on requests.
      context.waitUntil(services.minutely.metricsFlush())
      services.tellUse()
      return answer
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return Response.json({ error: 'bad_configuration', detail: error.message, status_code: 503 }, { status: 503 })
    }
  },
  async scheduled(_controller, env) {
    const { services } = openGateway(env)
    if (!services.config.cronEnabled) throw new Error('VX11_CRON_ENABLED is off')
    await Promise.all([everyMinute(services), checkHealth(services)])
  },
} satisfies ExportedHandler<WorkerEnv>

/** Four at once, because a Worker may have six connections. Other isolates do not see the readings. */
const checkHealth = ({ healthChecks }: Services) => mapLimit(healthChecks.names, 4, (name) => healthChecks.check(name))
