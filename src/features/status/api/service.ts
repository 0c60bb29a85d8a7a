/** Puts a reading into the shapes of the operator API (contract P2, P22, P23, H4). */
import { upstreamNames } from '../../../config/config.ts'
import { vx11Services, vx11Version } from '../../../config/vx11.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { type Component, describeComponents, shownName } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import type { ApiHealth, CoreHealth, Module, Modules, Topology } from './schema.ts'
import { byName, isUp, policyOf } from './status.ts'
import { describeGraph, policyNote } from './topology.ts'

type DescribeDeps = Pick<Deps, 'config' | 'clock'>

export function describeModules(deps: DescribeDeps, reading: Reading, correlationId: string): Modules {
  const components = describeComponents(deps.config, reading)
  return {
    modules: byName(components, describeModule),
    modules_list: components.map(describeModule),
    policy: policyOf(reading),
    ...verdictOf(reading),
    ...answered(deps, correlationId),
  }
}

const describeModule = (component: Component): Module => ({ ...component, health: healthOf(component) })

function healthOf({ status }: Component): Module['health'] {
  if (status === 'UP') return 'healthy'
  return status === 'DOWN' ? 'unhealthy' : null
}

/** By the name that the list has, the one in the configuration, or compose's. */
export function findModule({ modules }: Modules, name: string): Module | undefined {
  const spelt = name.replaceAll('_', '-')
  const upstream = upstreamNames.find((each) => each === name || vx11Services[each].service === spelt)
  const shown = upstream ? shownName(upstream) : name
  return Object.hasOwn(modules, shown) ? modules[shown] : undefined
}

export function describeApiHealth(deps: DescribeDeps, reading: Reading, correlationId: string): ApiHealth {
  const components = describeComponents(deps.config, reading)
  return {
    ...verdictOf(reading),
    module: 'tentaculo_link',
    version: vx11Version,
    services: byName(
      components.filter(({ category }) => category === 'core'),
      isUp,
    ),
    latencies_ms: byName(components, ({ latency_ms }) => latency_ms),
    ...answered(deps, correlationId),
  }
}

export const describeTopology = (deps: DescribeDeps, reading: Reading, correlationId: string): Topology => ({
  policy: policyOf(reading),
  mode: reading.mode,
  graph: describeGraph(deps.config, reading),
  policy_note: policyNote(reading),
  ...verdictOf(reading),
  ...answered(deps, correlationId),
})

const healthWords = {
  UP: 'healthy',
  DOWN: 'unhealthy',
  OFF_BY_POLICY: 'off_by_policy',
  DORMANT: 'dormant',
  ARCHIVED: 'dormant',
} as const satisfies Record<Component['status'], string>

export const describeCoreHealth = (deps: DescribeDeps, reading: Reading, correlationId: string): CoreHealth => ({
  ...verdictOf(reading),
  services: byName(describeComponents(deps.config, reading), ({ status, reason, latency_ms }) => ({
    status: healthWords[status],
    reason,
    latency_ms,
  })),
  ...answered(deps, correlationId),
})

const answered = ({ clock }: Pick<Deps, 'clock'>, correlationId: string) => ({
  correlation_id: correlationId,
  timestamp: isoMoment(clock.now()),
})
