/** Puts all that the consoles' status view reads into one answer (contract P1). */

import { isoMoment } from '../../../lib/moment-forms.ts'
import type { ChatChain } from '../../../modules/chat/providers/order.ts'
import type { Configuration } from '../../../modules/configuration/configuration.ts'
import { describeConfiguration } from '../../../modules/configuration/view.ts'
import { type DatabaseHealth, integrityOf } from '../../../modules/database-health/database-health.ts'
import { totalRows } from '../../../modules/database-health/row-counts.ts'
import { dormantModules } from '../../../modules/power/module-states.ts'
import { governed, policyWord, windowWord } from '../../../modules/power/power-state.ts'
import type { CircuitState, Deps } from '../../../ports/index.ts'
import { type ActivityDeps, describeUse } from '../../../upstream/layers/activity.ts'
import { describeCapabilities } from '../capabilities.ts'
import { type Component, describeComponents } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import type { StoredActivity } from '../store.ts'
import type { DbHealth, OperatorApiStatus } from './schema.ts'

export type ApiStatusDeps = ActivityDeps &
  Pick<Deps, 'config' | 'probes' | 'limiter'> & {
    chat: ChatChain
    configuration: Pick<Configuration, 'state'>
  }

/** Null when the database does not answer. */
export interface Facts {
  activity: StoredActivity | null
  health: DatabaseHealth | null
}

export function describeApiStatus(
  deps: ApiStatusDeps,
  reading: Reading,
  facts: Facts,
  { correlationId, mayAct }: { correlationId: string; mayAct: boolean },
): OperatorApiStatus {
  const { config, clock, probes } = deps
  const components = describeComponents(config, reading)
  const core = components.filter(({ category }) => category === 'core')
  const { activity } = facts
  const unread = activity ? [] : ['database: operator_events and daughters are not readable']
  return {
    ok: reading.reasons.length === 0,
    ...verdictOf(reading),
    policy: policyOf(reading),
    mode: reading.mode,
    core_services: byName(core, describeService),
    optional_services: byName(
      components.filter((each) => !core.includes(each)),
      describeService,
    ),
    active_modules: namesOf(components, 'UP'),
    off_by_policy: namesOf(components, 'OFF_BY_POLICY'),
    components: byName(core, isUp),
    circuit_breaker: worstCircuit(deps),
    window: describeWindow(deps, reading),
    limiter: describeLimiter(deps, reading),
    configuration: describeConfiguration(deps.configuration.state()),
    daughters: activity?.daughters ?? [],
    recent_events: (activity?.events ?? []).map((event) => ({ ...event, message: event.summary })),
    errors: [...reading.reasons, ...causes(deps), ...unread],
    data: {
      correlation_id: correlationId,
      system_state: {
        operational_mode: reading.mode,
        policy_active: policyOf(reading),
        degraded: reading.reasons.length > 0,
      },
      services: components.map(listed),
      features: describeCapabilities(config, reading, { chain: deps.chat, mayAct }),
      db_health: describeDatabase(reading, facts),
      dormant_services: dormantModules(probes),
    },
    correlation_id: correlationId,
    timestamp: isoMoment(clock.now()),
  }
}

export const policyOf = ({ power }: Reading) => policyWord(power.state)

export const byName = <T>(components: readonly Component[], describe: (component: Component) => T): Record<string, T> =>
  Object.fromEntries(components.map((each) => [each.name, describe(each)] as const))

/** Null for a module that is not configured. */
export const isUp = ({ status, up }: Component): boolean | null =>
  status === 'DORMANT' || status === 'ARCHIVED' ? null : up

const describeService = ({ status, up, reason, hint, activation, port, latency_ms }: Component) => ({
  status,
  up,
  reason,
  hint,
  activation,
  port,
  latency_ms,
})

const namesOf = (components: readonly Component[], word: Component['status']) =>
  components.filter(({ status }) => status === word).map(({ name }) => name)

const gravity: readonly CircuitState[] = ['closed', 'half_open', 'open']

function worstCircuit({ upstreamStates }: ApiStatusDeps): OperatorApiStatus['circuit_breaker'] {
  const states = Object.entries(upstreamStates())
  const [worst] = states.toSorted(
    ([, one], [, other]) =>
      gravity.indexOf(other.circuit) - gravity.indexOf(one.circuit) || other.failures - one.failures,
  )
  if (!worst) return { state: 'closed', failure_count: 0, last_failure: null, upstream: null }
  const [upstream, { circuit, failures, lastFailureAt }] = worst
  const last_failure = lastFailureAt === null ? null : lastFailureAt / 1000
  const isSound = circuit === 'closed' && failures === 0
  return { state: circuit, failure_count: failures, last_failure, upstream: isSound ? null : upstream }
}

function describeWindow(deps: ApiStatusDeps, reading: Reading): OperatorApiStatus['window'] {
  const { window, activeServices } = reading.power.state
  return {
    mode: policyOf(reading),
    state: windowWord(reading.power),
    services: [...new Set([...activeServices, 'tentaculo_link'])],
    window_id: window?.id ?? null,
    deadline: window?.deadlineMs == null ? null : isoMoment(window.deadlineMs),
    ttl_seconds: window?.endsAtMs == null ? null : Math.max(0, Math.floor((window.endsAtMs - deps.clock.now()) / 1000)),
    activity: window ? describeUse(deps, activeServices) : {},
  }
}

/** What happens while the shared store is down: each instance counts for itself, and refuses what needs `admin`. */
const whenDown = { reads: 'local', changes: 'local', admin_changes: 'refused' } as const

function describeLimiter({ config, limiter }: ApiStatusDeps, { stores }: Reading): OperatorApiStatus['limiter'] {
  const reading = stores.limiter
  const status = reading ? (reading.ok ? 'UP' : 'DOWN') : 'OFF'
  return {
    enabled: reading !== null,
    shadow: config.rateLimit.isShadow,
    store: limiter.store,
    status,
    latency_ms: reading?.latency_ms ?? null,
    reason: reading ? reading.reason : 'VX11_RATE_LIMIT_ENABLED is off',
    when_down: whenDown,
  }
}

/** Why connections fail, in the system's words; this route needs scope `operator`. */
const causes = ({ upstreamStates }: ApiStatusDeps): string[] =>
  Object.entries(upstreamStates()).flatMap(([name, { cause }]) =>
    cause && cause.complaint !== cause.code ? [`${name}: ${cause.code}: ${cause.complaint}`] : [],
  )

const listed = (component: Component): OperatorApiStatus['data']['services'][number] => {
  const { name, status, port, role, latency_ms } = component
  return {
    name,
    status: status.toLowerCase() as Lowercase<Component['status']>,
    port,
    role,
    enabled_by_default: isUp(component) !== null && !needsWindow.has(name),
    health_check_ms: latency_ms,
  }
}

const needsWindow: ReadonlySet<string> = new Set(governed)

function describeDatabase({ stores: { database } }: Reading, { health }: Facts): DbHealth {
  const maintenance = health?.maintenance ?? null
  const finishedAt = maintenance ? isoMoment(maintenance.finishedAt) : null
  const integrity = integrityOf(maintenance)
  return {
    status: database.ok ? 'ok' : 'unavailable',
    latency_ms: database.latency_ms,
    size_mb: health?.sizeBytes == null ? null : Math.round((health.sizeBytes / 2 ** 20) * 100) / 100,
    tables: health?.tables ?? null,
    rows_total: health?.rows ? totalRows(health.rows) : null,
    rows_counted_at: health?.rows ? isoMoment(health.rows.at) : null,
    integrity,
    integrity_checked_at: integrity === null ? null : finishedAt,
    foreign_key_violations: maintenance?.foreignKeyViolations ?? null,
    last_backup: maintenance?.backup ? finishedAt : null,
    unmeasured: { ...(health?.unmeasured ?? { database: database.reason ?? 'timeout' }) },
  }
}
