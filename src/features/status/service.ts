/** Sums up what answers, what sleeps and why; asks each module at most once in five seconds. */
import { type Config, type UpstreamName, upstreamNames } from '../../config.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import type { Deps, HealthReading } from '../../ports.ts'
import { remembered } from '../../upstream/remembered.ts'
import { vx11Services, vx11Version } from '../../vx11.ts'
import { type PowerState, probePowerState } from './probe.ts'
import type { Mode, ModuleReport, Vx11Overview, Vx11Status } from './schema.ts'

export type StatusDeps = Pick<Deps, 'config' | 'clock' | 'random' | 'probes' | 'healthChecks'>

const freshForMs = 5000
/** Longer than the slowest probe. */
const patienceMs = 2500
const probesAtOnce = 4

interface Reading {
  modules: Record<UpstreamName, ModuleReport>
  power: PowerState | null
  /** Madre's last known word when it does not answer now. */
  mode: Mode
  reasons: string[]
}

export interface StatusService {
  readStatus(correlationId: string): Promise<Vx11Status>
  readOverview(correlationId: string): Promise<Vx11Overview>
}

export function statusService(deps: StatusDeps): StatusService {
  let lastPower: PowerState | null = null
  const readPower = remembered(deps.clock, { freshForMs, patienceMs }, async () => {
    const power = await probePowerState(deps)
    lastPower = power ?? lastPower
    return power
  })
  const read = () => readModules(deps, readPower, () => lastPower)
  return {
    readStatus: async (correlationId) => describeStatus(deps, await read(), correlationId),
    readOverview: async (correlationId) => describeOverview(await read(), correlationId),
  }
}

/** Health comes from the checks, which ask by themselves where their last reading is too old. */
async function readModules(
  { config, healthChecks }: StatusDeps,
  readPower: () => Promise<PowerState | null>,
  lastPower: () => PowerState | null,
): Promise<Reading> {
  const [power, readings] = await Promise.all([
    readPower(),
    mapLimit(upstreamNames, probesAtOnce, async (name) => [name, await healthChecks.read(name)] as const),
  ])
  const known = power ?? lastPower()
  const reports = readings.map(([name, reading]) => [name, report(config, known, name, reading)] as const)
  const modules = Object.fromEntries(reports) as Reading['modules']
  const down = reports.filter(([, module]) => module.status === 'service_offline')
  const reasons = down.map(([name, module]) => `${name}: ${module.reason}`)
  if (!power) reasons.push('madre: power state unknown')
  return { modules, power, mode: modeOf(known, modules), reasons }
}

function modeOf(power: PowerState | null, modules: Reading['modules']): Mode {
  if (Object.values(modules).every((module) => module.up)) return 'full'
  return power?.window_id != null || power?.policy === 'windowed' ? 'windowed' : 'solo_madre'
}

function report(
  config: Config,
  power: PowerState | null,
  name: UpstreamName,
  health: HealthReading | null,
): ModuleReport {
  const nothing = { module: name, up: false, version: null, latency_ms: null, checked_at: null }
  if (!health) return { ...nothing, status: 'dormant', reason: 'not_configured' }
  const off = shouldRun(config, power, name) ? 'service_offline' : 'off_by_policy'
  return {
    module: name,
    status: health.up ? 'ok' : off,
    up: health.up,
    version: health.version,
    latency_ms: health.latencyMs,
    checked_at: new Date(health.checkedAt).toISOString(),
    reason: health.reason,
  }
}

/** Madre always; shub when it is configured; the others while a window or a gate holds them open. */
function shouldRun({ gates }: Config, power: PowerState | null, name: UpstreamName): boolean {
  if (name === 'madre' || name === 'shub') return true
  const gated = (name === 'hormiguero' && gates.hormiguero) || (name === 'mcp' && gates.mcp)
  return gated || (power?.active_services.includes(vx11Services[name].service) ?? false)
}

function describeStatus({ config, clock }: StatusDeps, reading: Reading, correlationId: string): Vx11Status {
  const { modules, power, mode, reasons } = reading
  const all = Object.values(modules)
  const healthy = all.filter((module) => module.up).length
  const degraded = reasons.length > 0
  return {
    ok: !degraded,
    status: degraded ? 'degraded' : 'ok',
    degraded,
    reasons,
    module: 'tentaculo_link',
    version: vx11Version,
    timestamp: new Date(clock.now()).toISOString(),
    ports: ports(config),
    modules,
    summary: { healthy_modules: healthy, total_modules: all.length, all_healthy: healthy === all.length },
    mode,
    policy: (power?.policy ?? mode).toUpperCase(),
    madre_available: modules.madre.up,
    switch_available: modules.switch.up,
    spawner_available: modules.spawner.up,
    correlation_id: correlationId,
  }
}

function ports(config: Config): Record<string, number> {
  const entries = upstreamNames.map((name) => {
    const target = config.upstreams[name]
    const configured = target.kind === 'url' ? Number(new URL(target.url).port) : 0
    return [name === 'shub' ? 'shubniggurath' : name, configured || vx11Services[name].port] as const
  })
  return { tentaculo_link: config.port, gateway: config.port, ...Object.fromEntries(entries) }
}

function describeOverview({ modules, reasons }: Reading, correlationId: string): Vx11Overview {
  const all = Object.values(modules)
  const healthy = all.filter((module) => module.up).length
  return {
    status: reasons.length > 0 ? 'degraded' : 'ok',
    gateway: 'tentaculo_link',
    version: vx11Version,
    modules_health: modules,
    summary: { total_modules: all.length, healthy, unhealthy: all.length - healthy },
    correlation_id: correlationId,
  }
}
