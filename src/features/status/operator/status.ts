/** State of the gateway, its stores, madre and switch (contract O4). */
import type { Config } from '../../../config/config.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { type Component, describeComponents } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import { describeSwitch } from '../service.ts'
import type { OperatorStatus } from './schema.ts'

type StatusDeps = Pick<Deps, 'config' | 'clock' | 'upstreamStates'>

export function describeOperatorStatus(deps: StatusDeps, reading: Reading, correlationId: string): OperatorStatus {
  const part = partOf(deps.config, reading)
  const { window, activeServices } = reading.power.state
  return {
    ...verdictOf(reading),
    components: {
      tentaculo_link: part('tentaculo_link'),
      madre: part('madre'),
      redis: part('redis'),
      database: part('database'),
      switch: switchPart(deps, reading),
    },
    windows: {
      policy: reading.mode,
      active_count: window ? 1 : 0,
      window_id: window?.id ?? null,
      services: [...activeServices],
    },
    correlation_id: correlationId,
    timestamp: isoMoment(deps.clock.now()),
  }
}

function partOf(config: Config, reading: Reading) {
  const components = new Map(describeComponents(config, reading).map((each) => [each.name, each]))
  return (name: string): OperatorStatus['components']['madre'] => {
    const { status, port, latency_ms, reason } = components.get(name) as Component
    if (status === 'UP') return { status: 'ok', port, latency_ms }
    if (status === 'DORMANT') return { status: 'not_configured', port, latency_ms }
    return { status: 'unreachable', port, latency_ms, error: reason ?? 'unknown' }
  }
}

const switchStates = {
  active: 'available',
  offline: 'offline',
  off_by_policy: 'off_by_policy',
  dormant: 'not_configured',
} as const

/** An open circuit refuses callers even when a health check got an answer. */
function switchPart(deps: StatusDeps, reading: Reading): OperatorStatus['components']['switch'] {
  const { routing_mode, circuit_breaker, latency_ms, reason } = describeSwitch(deps, reading, '')
  const port = describeComponents(deps.config, reading).find(({ name }) => name === 'switch')?.port ?? null
  if (circuit_breaker === 'open') return { status: 'offline', port, latency_ms, reason: 'circuit_open' }
  return { status: switchStates[routing_mode], port, latency_ms, reason }
}
