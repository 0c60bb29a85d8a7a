/** Draws what the gateway is connected to: from the configuration, with what was measured (contract P23). */
import { type Config, type UpstreamName, type UpstreamTarget, upstreamNames } from '../../../config/config.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import { type Component, describeComponents, shownName } from '../components.ts'
import type { Reading } from '../reading.ts'
import type { Topology } from './schema.ts'
import { policyOf } from './status.ts'

type Graph = Topology['graph']

const self = 'tentaculo_link'

export const describeGraph = (config: Config, reading: Reading): Graph => ({
  nodes: describeComponents(config, reading).map(node),
  edges: [
    { from: self, to: 'database', label: 'state', transport: 'database' },
    ...(reading.stores.redis ? [{ from: self, to: 'redis', label: 'cache', transport: 'redis' } as const] : []),
    ...upstreamNames.flatMap((name) => edgesTo(config, name)),
  ],
})

const node = ({ name, status, port, category, reason, latency_ms }: Component): Graph['nodes'][number] => ({
  id: name,
  label: label(name),
  status,
  port,
  type: category,
  reason,
  latency_ms,
})

const label = (name: string) => name[0]?.toUpperCase() + name.slice(1).replaceAll(/[_-]/g, ' ')

const transports = { url: 'http', urls: 'http', binding: 'binding', embedded: 'embedded' } as const satisfies Record<
  Exclude<UpstreamTarget['kind'], 'dormant'>,
  string
>

/** The embedded madre keeps its state in the gateway's own database. */
function edgesTo({ upstreams }: Config, name: UpstreamName): Graph['edges'] {
  const { kind } = upstreams[name]
  if (kind === 'dormant') return []
  const way = { from: self, to: shownName(name), label: 'proxy', transport: transports[kind] }
  const state = { from: shownName(name), to: 'database', label: 'state', transport: 'database' as const }
  return kind === 'embedded' ? [way, state] : [way]
}

export function policyNote(reading: Reading): string {
  const { window } = reading.power.state
  const unsure = reading.power.degraded ? ' Madre does not answer; this is its last known state.' : ''
  if (policyOf(reading) === 'solo_madre') return `No power window is open: services sleep by policy.${unsure}`
  const until = window?.deadlineMs == null ? 'until it is closed' : `until ${isoMoment(window.deadlineMs)}`
  return `A power window is open ${until}.${unsure}`
}
