/** Schedules the health checks on Node: one unreferenced timer per upstream. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import type { Deps } from '../../ports/index.ts'

/** After the gateway's own start. */
const firstCheckMs = 5000
/** A timer beyond 2^31 ms would fire at once, repeatedly. */
const maxTimerMs = 3_600_000

/** Returns the function that stops them. */
export function startHealthTimer({ healthChecks, background, random }: Deps): () => void {
  const timers = new Map<UpstreamName, NodeJS.Timeout>()
  let stopped = false

  function schedule(name: UpstreamName, ms: number): void {
    if (stopped) return
    timers.set(name, setTimeout(() => background(check(name)), Math.min(ms, maxTimerMs)).unref())
  }

  async function check(name: UpstreamName): Promise<void> {
    schedule(name, await healthChecks.check(name))
  }

  // Also those that are dormant now: a reload of the configuration may give them an address.
  for (const name of upstreamNames) schedule(name, firstCheckMs * (0.9 + 0.2 * random.fraction()))
  return () => {
    stopped = true
    for (const timer of timers.values()) clearTimeout(timer)
  }
}
