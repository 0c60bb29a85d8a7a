/** VX11's constants: the protocol version that clients compare, and the list of its services. */
import type { UpstreamName } from './config.ts'

/** The version that every VX11 module of this generation reports (contract G1). */
export const vx11Version = '7.0'

/** One service of VX11 under the names that v7 uses; constants, not measurements. */
export interface Vx11Service {
  /** In the compose file, and in power windows. */
  service: string
  /** In the truth probe, and in `ports` of the status. */
  probedAs: string
  /** In the consoles. */
  shownAs: string
  /** The default port; a configured URL may have another. */
  port: number
  role: string
  /** The compose profile that starts it, or null. */
  profile: string | null
  /** VX11 shipped it without code, so no command starts it. */
  archived: boolean
}

const service = (
  name: string,
  port: number,
  role: string,
  profile: string | null,
  names: Partial<Vx11Service> = {},
): Vx11Service => ({ service: name, probedAs: name, shownAs: name, port, role, profile, archived: false, ...names })

/** The one place that maps upstreams to VX11's services (contract upstreams/services). */
export const vx11Services: Readonly<Record<UpstreamName, Vx11Service>> = {
  madre: service('madre', 8001, 'orchestrator', null),
  switch: service('switch', 8002, 'routing', 'core'),
  hermes: service('hermes', 8003, 'resources', 'core'),
  hormiguero: service('hormiguero', 8004, 'colony', 'core'),
  manifestator: service('manifestator', 8005, 'rails', 'maintenance'),
  mcp: service('mcp', 8006, 'protocol', 'core'),
  shub: service('shubniggurath', 8007, 'audio', 'audio'),
  spawner: service('spawner', 8008, 'execution', 'core'),
  operator: service('operator-backend', 8011, 'dashboard', null, {
    ...{ probedAs: 'operator', shownAs: 'operator-backend', archived: true },
  }),
}

/** As v7's gateway calls a module in its answers. */
export const moduleName = (name: UpstreamName): string => (name === 'operator' ? vx11Services.operator.shownAs : name)
