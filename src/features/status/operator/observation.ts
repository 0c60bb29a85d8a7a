/** Latency of each service and the newest routing decision (contract O18). */
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { type Component, describeComponents } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import { moduleStates } from '../service.ts'
import type { StoredRouting } from '../store.ts'
import type { Observation, Observed } from './schema.ts'

/** `ownMs`: the gateway's own time so far. Routing is null when the database does not answer. */
export function describeObservation(
  deps: Pick<Deps, 'config' | 'clock'>,
  reading: Reading,
  routing: StoredRouting | null,
  { correlationId, ownMs }: { correlationId: string; ownMs: number },
): Observation {
  const timestamp = isoMoment(deps.clock.now())
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
