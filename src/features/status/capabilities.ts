/** What this gateway can do now: its flags, and what they need to be of use. */
import * as v from 'valibot'
import type { Config, UpstreamName } from '../../config/config.ts'
import { type ChatChain, nextProvider } from '../../modules/chat/providers/order.ts'
import type { ProviderName } from '../../modules/chat/providers/provider.ts'
import { isOpen } from '../../modules/power/admission.ts'
import { activationCommand } from '../../modules/power/dormant.ts'
import type { Reading } from './reading.ts'

export const Capability = v.object({
  /** `dormant`: its flag is off, or what it needs is not configured. */
  status: v.picklist(['on', 'off', 'dormant']),
  /** It is on, and something it needs does not answer. */
  degraded: v.boolean(),
  reason: v.nullable(v.string()),
  /** Who would serve it now. */
  provider: v.optional(v.nullable(v.string())),
  requires_flag: v.optional(v.string()),
})
export type Capability = v.InferOutput<typeof Capability>

export type Capabilities = Record<string, Capability>

/** `mayAct`: the caller has scope admin. */
export function describeCapabilities(
  config: Config,
  reading: Reading,
  { chain, mayAct }: { chain: ChatChain; mayAct: boolean },
): Capabilities {
  const { features, gates } = config
  return {
    chat: chat(config, reading, chain, mayAct),
    file_explorer: { status: 'off', degraded: false, reason: 'not_offered', provider: null },
    metrics: stored(features.metrics, 'VX11_METRICS_ENABLED', reading),
    events: { ...stored(features.events, 'VX11_EVENTS_ENABLED', reading), provider: 'sse' },
    settings: stored(features.settings, 'VX11_SETTINGS_ENABLED', reading),
    audit: stored(features.audit, 'VX11_AUDIT_ENABLED', reading),
    rails: stored(features.manifestator, 'VX11_MANIFESTATOR_ENABLED', reading),
    control: flag(config.controlEnabled, 'VX11_OPERATOR_CONTROL_ENABLED', 'observer_mode'),
    assist: assist(config),
    builder: gated(gates.hormigueroBuilder, 'HORMIGUERO_BUILDER_ENABLED', 'hormiguero', reading),
    rewards: gated(gates.shubniggurath, 'SHUBNIGGURATH_ENABLED', 'shub', reading),
    colony: gated(gates.hormiguero, 'HORMIGUERO_ENABLED', 'hormiguero', reading),
    mcp: gated(gates.mcp, 'MCP_ENABLED', 'mcp', reading),
  }
}

/** A chat always answers; without a model it says so. */
function chat(config: Config, { modules, power }: Reading, chain: ChatChain, mayAct: boolean): Capability {
  const reachable = (kind: ProviderName) => {
    if (kind === 'switch') return modules.switch.word === 'UP' && isOpen(config, power.state, 'switch')
    return kind !== 'madre' || modules.madre.word === 'UP'
  }
  const provider = nextProvider(chain, { mayAct, reachable })?.label ?? null
  const degraded = provider !== 'switch'
  return { status: 'on', degraded, reason: degraded ? 'switch does not take part' : null, provider }
}

const flag = (on: boolean, name: string, off: string): Capability =>
  on
    ? { status: 'on', degraded: false, reason: null }
    : { status: 'off', degraded: false, reason: off, requires_flag: name }

/** What lives in the database. */
function stored(on: boolean, name: string, { stores: { database } }: Reading): Capability {
  const capability = flag(on, name, 'feature_disabled')
  return on && !database.ok ? { ...capability, degraded: true, reason: `database: ${database.reason}` } : capability
}

function assist({ codevEnabled, chat: { deepseekApiKey } }: Config): Capability {
  const capability = flag(codevEnabled, 'VX11_OPERATOR_CODEV_ENABLED', 'codev_disabled')
  if (!codevEnabled || deepseekApiKey !== null) return { ...capability, provider: codevEnabled ? 'deepseek-r1' : null }
  return { status: 'off', degraded: false, reason: 'not_configured', provider: null, requires_flag: 'DEEPSEEK_API_KEY' }
}

/** What a module does once its gate is open. */
function gated(open: boolean, name: string, module: UpstreamName, { modules }: Reading): Capability {
  if (!open) return { status: 'dormant', degraded: false, reason: 'not_enabled', requires_flag: name }
  const { word, reason } = modules[module]
  if (word === 'UP') return { status: 'on', degraded: false, reason: null, provider: module }
  if (word === 'DORMANT')
    return { status: 'dormant', degraded: false, reason: `not_configured: ${activationCommand(module)}` }
  return { status: 'off', degraded: word === 'DOWN', reason: `${module}: ${reason}` }
}
