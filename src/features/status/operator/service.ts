/** Tells a reading in the words of O4, O17, O18 and O19. */
import type { Config, UpstreamName } from '../../../config.ts'
import { isoMoment } from '../../../lib/moment-forms.ts'
import { dormantModules } from '../../../policy/modules.ts'
import type { Deps } from '../../../ports.ts'
import { describeCapabilities } from '../capabilities.ts'
import { type Component, describeComponents, shownName } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import { describeSwitch, moduleStates } from '../service.ts'
import type { StoredRouting } from '../store.ts'
import type { CapabilitiesReport, Observation, Observed, OperatorStatus, Snapshot } from './schema.ts'

type DescribeDeps = Pick<Deps, 'config' | 'clock' | 'upstreamStates' | 'probes'>

export function describeOperatorStatus(deps: DescribeDeps, reading: Reading, correlationId: string): OperatorStatus {
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
    timestamp: now(deps),
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
function switchPart(deps: DescribeDeps, reading: Reading): OperatorStatus['components']['switch'] {
  const { routing_mode, circuit_breaker, latency_ms, reason } = describeSwitch(deps, reading, '')
  const port = describeComponents(deps.config, reading).find(({ name }) => name === 'switch')?.port ?? null
  if (circuit_breaker === 'open') return { status: 'offline', port, latency_ms, reason: 'circuit_open' }
  return { status: switchStates[routing_mode], port, latency_ms, reason }
}

/** `t` is 0 where the caller gave none. */
export function describeSnapshot(deps: DescribeDeps, reading: Reading, t: number, correlationId: string): Snapshot {
  const { modules, power, mode } = reading
  const snap = (name: UpstreamName) => ({ word: modules[name].word, reason: modules[name].reason })
  const queen = modules.hormiguero.word
  const others = (['hermes', 'manifestator', 'mcp', 'shub', 'spawner', 'operator'] as const).map(
    (name) => [shownName(name), snap(name)] as const,
  )
  return {
    timestamp: t > 0 ? t : deps.clock.now(),
    measured_at: now(deps),
    ...verdictOf(reading),
    state: {
      ...Object.fromEntries(others),
      madre: { ...snap('madre'), status: modules.madre.word === 'UP' ? 'active' : 'offline' },
      switch: { ...snap('switch'), routing: describeSwitch(deps, reading, '').routing_mode },
      hormiguero: { ...snap('hormiguero'), queen_alive: queen === 'UP' ? true : queen === 'DOWN' ? false : null },
    },
    mode,
    window: {
      window_id: power.state.window?.id ?? null,
      deadline: power.state.window?.deadlineMs == null ? null : isoMoment(power.state.window.deadlineMs),
      services: [...power.state.activeServices],
    },
    correlation_id: correlationId,
  }
}

/** `ownMs`: how long the gateway itself needed until now. Routing is null where the database does not tell. */
export function describeObservation(
  deps: DescribeDeps,
  reading: Reading,
  routing: StoredRouting | null,
  { correlationId, ownMs }: { correlationId: string; ownMs: number },
): Observation {
  const timestamp = now(deps)
  const services = describeComponents(deps.config, reading).map((component) => {
    const latency = component.name === 'tentaculo_link' ? Math.round(ownMs * 100) / 100 : component.latency_ms
    return [component.name, observe(component, latency, timestamp)] as const
  })
  const trace = traceOf(routing)
  return {
    ok: reading.reasons.length === 0,
    request_id: correlationId,
    route_taken: 'GET /operator/observe',
    ...verdictOf(reading),
    data: { services: Object.fromEntries(services), timestamp, trace, providers: routing?.providers ?? [] },
    ...(trace && { provider_used: trace.provider_name ?? trace.provider_id }),
    errors: [...reading.reasons, ...(routing ? [] : ['database: routing_events and cli_providers are not readable'])],
    correlation_id: correlationId,
  }
}

const observe = (
  { name, status, reason, checked_at }: Component,
  latency_ms: number | null,
  now: string,
): Observed => ({
  status: moduleStates[status],
  module: name,
  reason,
  latency_ms,
  timestamp: checked_at ?? now,
})

function traceOf(routing: StoredRouting | null): Observation['data']['trace'] {
  if (!routing?.newest) return null
  const { newest, providers } = routing
  const provider = providers.find(({ name }) => name === newest.provider_id)
  return {
    trace_id: newest.trace_id,
    provider_id: newest.provider_id,
    provider_name: provider?.name ?? null,
    route_type: newest.route_type,
    timestamp: newest.timestamp,
  }
}

export function describeCapability(deps: DescribeDeps, reading: Reading, correlationId: string): CapabilitiesReport {
  return {
    ok: reading.reasons.length === 0,
    data: {
      correlation_id: correlationId,
      operational_mode: reading.mode,
      ...verdictOf(reading),
      features: describeCapabilities(deps.config, reading),
      dormant_services: sleeping(deps, reading),
    },
    timestamp: now(deps),
  }
}

/** Not configured, or without a window: what wakes each of them. */
function sleeping({ config, probes }: DescribeDeps, reading: Reading): CapabilitiesReport['data']['dormant_services'] {
  const dormant = dormantModules(probes).map((module) => ({ ...module, reason: 'not_configured' }))
  const closed = describeComponents(config, reading).filter(({ status }) => status === 'OFF_BY_POLICY')
  return [
    ...dormant,
    ...closed.map(({ name, port, reason, activation }) => ({
      name,
      port: port ?? 0,
      status: 'off_by_policy' as const,
      reason: reason ?? 'off_by_policy',
      activation,
    })),
  ]
}

const now = ({ clock }: Pick<Deps, 'clock'>) => isoMoment(clock.now())
