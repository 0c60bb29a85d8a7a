/** Waits until the services of a window answer, or until the time is up. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import type { Deps } from '../../ports/index.ts'
import type { ServiceReadiness } from './schema.ts'

type ReadyDeps = Pick<Deps, 'clock' | 'healthChecks'>

const pauseMs = 500
const probesAtOnce = 4

/** Asks those that did not answer yet, again and again, at least once. `untilMs` is on the monotonic clock. */
export async function untilReady(
  deps: ReadyDeps,
  services: readonly string[],
  untilMs: number,
): Promise<ServiceReadiness> {
  const ready: ServiceReadiness = Object.fromEntries(services.map((service) => [service, false]))
  for (;;) {
    const silent = services.filter((service) => ready[service] === false)
    await mapLimit(silent, probesAtOnce, async (service) => {
      ready[service] = await answers(deps, service)
    })
    const waitMs = Math.min(pauseMs, untilMs - deps.clock.monotonic())
    if (isReady(ready) || waitMs <= 0) return ready
    await deps.clock.sleep(waitMs)
  }
}

export const isReady = (ready: ServiceReadiness): boolean => Object.values(ready).every((each) => each !== false)

/** Null for a service that this gateway knows no address of. The answer is the module's reading from now on. */
async function answers({ healthChecks }: ReadyDeps, service: string): Promise<boolean | null> {
  if (service === 'tentaculo_link') return true
  const name = upstreamOf(service)
  const health = name ? await healthChecks.measure(name) : null
  return health?.up ?? null
}

const upstreamOf = (service: string): UpstreamName | undefined =>
  upstreamNames.find((name) => vx11Services[name].service === service)
