/** Sums up what answers, what sleeps and why, from the health checks and the policy's word of madre. */
import { type Config, type UpstreamName, upstreamNames } from '../../config.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { isOpen } from '../../policy/admission.ts'
import type { PowerPolicy } from '../../policy/power-policy.ts'
import type { PowerState } from '../../policy/power-state.ts'
import type { Deps, HealthReading } from '../../ports.ts'
import { vx11Services, vx11Version } from '../../vx11.ts'
import type { Mode, ModuleReport, Vx11Overview, Vx11Status } from './schema.ts'

export type StatusDeps = Pick<Deps, 'config' | 'clock' | 'healthChecks'> & { policy: Pick<PowerPolicy, 'read'> }

const checksAtOnce = 4

interface Reading {
  modules: Record<UpstreamName, ModuleReport>
  mode: Mode
  /** Whether madre holds a window open, or did when it last told. */
  windowed: boolean
  reasons: string[]
}

export interface StatusService {
  readStatus(correlationId: string): Promise<Vx11Status>
  readOverview(correlationId: string): Promise<Vx11Overview>
}

export const statusService = (deps: StatusDeps): StatusService => ({
  readStatus: async (correlationId) => describeStatus(deps, await readModules(deps), correlationId),
  readOverview: async (correlationId) => describeOverview(await readModules(deps), correlationId),
})

/** Health comes from the checks, which ask by themselves where their last reading is too old. */
async function readModules({ config, healthChecks, policy }: StatusDeps): Promise<Reading> {
  const [{ state, degraded }, readings] = await Promise.all([
    policy.read(),
    mapLimit(upstreamNames, checksAtOnce, async (name) => [name, await healthChecks.read(name)] as const),
  ])
  const reports = readings.map(([name, reading]) => [name, report(config, state, name, reading)] as const)
  const modules = Object.fromEntries(reports) as Reading['modules']
  const down = reports.filter(([, module]) => module.status === 'service_offline')
  const reasons = down.map(([name, module]) => `${name}: ${module.reason}`)
  if (degraded) reasons.push('madre: power state unknown')
  const windowed = state.window !== null
  const allUp = Object.values(modules).every((module) => module.up)
  return { modules, mode: allUp ? 'full' : windowed ? 'windowed' : 'solo_madre', windowed, reasons }
}

function report(config: Config, state: PowerState, name: UpstreamName, health: HealthReading | null): ModuleReport {
  const nothing = { module: name, up: false, version: null, latency_ms: null, checked_at: null }
  if (!health) return { ...nothing, status: 'dormant', reason: 'not_configured' }
  const off = isOpen(config, state, name) ? 'service_offline' : 'off_by_policy'
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

function describeStatus(
  { config, clock }: Pick<StatusDeps, 'config' | 'clock'>,
  reading: Reading,
  correlationId: string,
): Vx11Status {
  const { modules, mode, windowed, reasons } = reading
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
    policy: windowed ? 'WINDOWED' : 'SOLO_MADRE',
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
