/** What madre knows of VX11's other modules: the gateway's own readings of their health, or nothing. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Clock, HealthChecks } from '../../ports/index.ts'

export type Neighbour = 'up' | 'down' | 'dormant' | 'unknown'

export interface NeighbourDeps {
  clock: Clock
  /** Absent where no health checks run: every neighbour is then unknown. */
  readHealth?: HealthChecks['read']
}

/** Half of madre's own health probe limit: a neighbour that hangs must not make madre look down. */
const timeoutMs = 1000
/** A Worker may have six connections. */
const readingsAtOnce = 4
const others = upstreamNames.filter((name) => name !== 'madre')

/** By service name, such as `shubniggurath`. */
export async function readNeighbours(
  deps: NeighbourDeps,
  names: readonly UpstreamName[] = others,
): Promise<Record<string, Neighbour>> {
  const readings = await mapLimit(names, readingsAtOnce, async (name) => {
    return [vx11Services[name].service, await readOne(deps, name)] as const
  })
  return Object.fromEntries(readings)
}

async function readOne({ clock, readHealth }: NeighbourDeps, name: UpstreamName): Promise<Neighbour> {
  if (!readHealth) return 'unknown'
  try {
    const reading = await withTimeout(clock, timeoutMs, readHealth(name), () => new Error('late'))
    if (reading === null) return 'dormant'
    return reading.up ? 'up' : 'down'
  } catch {
    return 'unknown'
  }
}

/** The services in one of the states. */
export const servicesThatAre = (state: Neighbour, neighbours: Record<string, Neighbour>): string[] =>
  Object.keys(neighbours).filter((service) => neighbours[service] === state)
