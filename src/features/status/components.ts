/** Every part of VX11 as one kind of thing: the gateway, what it stores in, and the modules behind it. */
import { type Config, type UpstreamName, upstreamNames } from '../../config/config.ts'
import { vx11Services, vx11Version } from '../../config/vx11.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import type { StoreReading } from '../../modules/database-health/store-check.ts'
import { admission } from '../../modules/power/admission.ts'
import { activationCommand } from '../../modules/power/dormant.ts'
import type { ModuleWord } from '../../modules/power/module-states.ts'
import type { Reading } from './reading.ts'
import { portOf } from './service.ts'

export interface Component {
  /** As VX11's consoles know it. */
  name: string
  status: ModuleWord
  up: boolean
  /** Why it is not up; null when it is. */
  reason: string | null
  /** What to call or to run about it. */
  hint: string | null
  category: 'core' | 'optional' | 'archived'
  role: string
  port: number | null
  version: string | null
  latency_ms: number | null
  checked_at: string | null
  /** The command that starts it; null where none does. */
  activation: string | null
}

export const shownName = (name: UpstreamName): string => vx11Services[name].shownAs

export const describeComponents = (config: Config, reading: Reading): Component[] => [
  gateway(config),
  store('database', 'state', null, reading.stores.database),
  store('redis', 'cache', redisPort(config), reading.stores.redis),
  ...upstreamNames.map((name) => describeModule(config, reading, name)),
]

function describeModule(config: Config, { modules, power }: Reading, name: UpstreamName): Component {
  const { word, health, reason } = modules[name]
  const configured = word !== 'DORMANT' && word !== 'ARCHIVED'
  const verdict = admission(config, configured, power, name)
  const closed = word === 'OFF_BY_POLICY' && !verdict.allowed
  return {
    name: shownName(name),
    status: word,
    up: word === 'UP',
    reason: closed ? verdict.reason : reason,
    hint: verdict.allowed ? null : verdict.hint,
    category: word === 'ARCHIVED' ? 'archived' : name === 'madre' ? 'core' : 'optional',
    role: vx11Services[name].role,
    port: portOf(config, name),
    version: health?.version ?? null,
    latency_ms: health?.latencyMs ?? null,
    checked_at: health ? isoMoment(health.checkedAt) : null,
    activation: activationCommand(name),
  }
}

/** It answers, so it is up. */
const gateway = ({ port }: Config): Component => ({
  name: 'tentaculo_link',
  status: 'UP',
  up: true,
  reason: null,
  hint: null,
  category: 'core',
  role: 'gateway',
  port,
  version: vx11Version,
  latency_ms: null,
  checked_at: null,
  activation: null,
})

function store(name: string, role: string, port: number | null, reading: StoreReading | null): Component {
  const common = { name, category: 'core', role, port, version: null, checked_at: null, activation: null } as const
  if (!reading) {
    const hint = `Set VX11_${name.toUpperCase()}_URL to use one.`
    return { ...common, status: 'DORMANT', up: false, reason: 'not_configured', hint, latency_ms: null }
  }
  const { ok, reason, latency_ms } = reading
  const hint = ok ? null : 'GET /readyz and the log say why.'
  return { ...common, status: ok ? 'UP' : 'DOWN', up: ok, reason, hint, latency_ms }
}

const redisPort = ({ redisUrl }: Config): number => Number(redisUrl && new URL(redisUrl).port) || 6379
