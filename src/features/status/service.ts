/** What answers, what sleeps and why, and the state of switch (contract G5, G7, H12). */
import { type Config, type UpstreamName, upstreamNames, urlsOf } from '../../config/config.ts'
import { moduleName, vx11Services, vx11Version } from '../../config/vx11.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import { isOpen } from '../../modules/power/admission.ts'
import type { ModuleWord } from '../../modules/power/module-states.ts'
import { policyWord } from '../../modules/power/power-state.ts'
import type { Clock, Deps } from '../../ports/index.ts'
import { type ModuleReading, type Reading, verdictOf } from './reading.ts'
import type { ModuleReport, ModuleState, SwitchStatus, Vx11Overview, Vx11Status } from './schema.ts'

export function describeStatus(
  { config, clock }: { config: Config; clock: Clock },
  reading: Reading,
  correlationId: string,
): Vx11Status {
  const modules = reportModules(reading)
  const { healthy, total } = count(reading)
  return {
    ok: reading.reasons.length === 0,
    ...verdictOf(reading),
    module: 'tentaculo_link',
    version: vx11Version,
    timestamp: isoMoment(clock.now()),
    ports: ports(config),
    modules,
    summary: { healthy_modules: healthy, total_modules: total, all_healthy: healthy === total },
    mode: reading.mode,
    policy: policyWord(reading.power.state) === 'solo_madre' ? 'SOLO_MADRE' : 'WINDOWED',
    madre_available: isUp(reading, 'madre'),
    switch_available: isUp(reading, 'switch'),
    spawner_available: isUp(reading, 'spawner'),
    correlation_id: correlationId,
  }
}

export function describeOverview(reading: Reading, correlationId: string): Vx11Overview {
  const { healthy, total } = count(reading)
  return {
    ...verdictOf(reading),
    gateway: 'tentaculo_link',
    version: vx11Version,
    modules_health: reportModules(reading),
    summary: { total_modules: total, healthy, unhealthy: total - healthy },
    correlation_id: correlationId,
  }
}

const switchWords = {
  UP: ['healthy', 'active'],
  DOWN: ['degraded', 'offline'],
  OFF_BY_POLICY: ['off_by_policy', 'off_by_policy'],
  DORMANT: ['dormant', 'dormant'],
  ARCHIVED: ['dormant', 'dormant'],
} as const satisfies Record<ModuleWord, [SwitchStatus['status'], SwitchStatus['routing_mode']]>

export function describeSwitch(
  { clock, config, upstreamStates }: Pick<Deps, 'clock' | 'config' | 'upstreamStates'>,
  { modules, power }: Reading,
  correlationId: string,
): SwitchStatus {
  const { word, health, reason } = modules.switch
  const [status, answering] = switchWords[word]
  const state = upstreamStates().switch
  return {
    status,
    module: 'switch',
    version: health?.version ?? null,
    // It may run although no window lets requests through to it.
    routing_mode: word === 'UP' && !isOpen(config, power.state, 'switch') ? 'off_by_policy' : answering,
    circuit_breaker: state?.circuit ?? null,
    in_flight: state?.inFlight ?? null,
    latency_ms: health?.latencyMs ?? null,
    checked_at: health ? isoMoment(health.checkedAt) : null,
    reason,
    timestamp: isoMoment(clock.now()),
    correlation_id: correlationId,
  }
}

const isUp = ({ modules }: Reading, name: UpstreamName) => modules[name].word === 'UP'

const count = (reading: Reading) => ({
  healthy: upstreamNames.filter((name) => isUp(reading, name)).length,
  total: upstreamNames.length,
})

const reportModules = ({ modules }: Reading) =>
  Object.fromEntries(upstreamNames.map((name) => [moduleName(name), report(name, modules[name])] as const))

/** The words of v7's clients. */
export const moduleStates = {
  UP: 'ok',
  DOWN: 'service_offline',
  OFF_BY_POLICY: 'off_by_policy',
  DORMANT: 'dormant',
  ARCHIVED: 'dormant',
} as const satisfies Record<ModuleWord, ModuleState>

const report = (name: UpstreamName, { word, health, reason }: ModuleReading): ModuleReport => ({
  module: moduleName(name),
  status: moduleStates[word],
  up: word === 'UP',
  version: health?.version ?? null,
  latency_ms: health?.latencyMs ?? null,
  checked_at: health ? isoMoment(health.checkedAt) : null,
  reason,
  reported: health?.reported ?? null,
})

function ports(config: Config): Record<string, number> {
  const entries = upstreamNames.map((name) => {
    return [vx11Services[name].probedAs, portOf(config, name)] as const
  })
  return { tentaculo_link: config.port, gateway: config.port, ...Object.fromEntries(entries) }
}

/** Where a module is configured, at its first address, else its standard port. */
export function portOf({ upstreams }: Pick<Config, 'upstreams'>, name: UpstreamName): number {
  const [url] = urlsOf(upstreams[name])
  const configured = url === undefined ? 0 : Number(new URL(url).port)
  return configured || vx11Services[name].port
}
