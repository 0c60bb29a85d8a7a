/** What a running gateway takes over from a configuration that was read anew. Everything else needs a restart. */
import type { Config, ConfigReading, UpstreamName } from './config.ts'
import { digestOf } from './named-tokens.ts'
import { upstreamNames } from './upstreams/targets.ts'
import { configVariables, type VariableName } from './variables.ts'

export type ConfigTexts = ReadonlyMap<VariableName, string>

const upstreamVariables: Readonly<Record<UpstreamName, readonly VariableName[]>> = {
  madre: ['MADRE_URL'],
  switch: ['SWITCH_URL'],
  shub: ['SHUB_URL', 'VX11_SHUB_UPSTREAM'],
  hermes: ['HERMES_URL'],
  hormiguero: ['HORMIGUERO_URL'],
  manifestator: ['MANIFESTATOR_URL'],
  mcp: ['MCP_URL'],
  spawner: ['SPAWNER_URL'],
  operator: ['OPERATOR_URL'],
}

/** Learning is a part of the process. */
const ofTheProcess: VariableName = 'VX11_CHAT_ROTATION'

/** Tokens and what is sent to upstreams, upstreams and their breakers, limits, policy gates, retention, the chat. */
export const reloadable: ReadonlySet<VariableName> = new Set<VariableName>([
  ...(['VX11_TENTACULO_LINK_TOKEN', 'VX11_GATEWAY_TOKEN', 'VX11_OPERATOR_TOKEN', 'VX11_TOKENS'] as const),
  ...(['VX11_UPSTREAM_TOKEN', 'VX11_UPSTREAM_HEADERS', 'VX11_TENTACULO_LINK_SHARED_SECRET'] as const),
  ...Object.values(upstreamVariables).flat(),
  'VX11_HEDGED_UPSTREAMS',
  ...configVariables.map(({ name }) => name).filter((name) => /^VX11_(RATE_LIMIT|RETENTION)_/.test(name)),
  ...(['VX11_MAX_BODY_BYTES', 'VX11_EVENT_STREAMS', 'ULTRA_LOW_MEMORY'] as const),
  ...configVariables.map(({ name }) => name).filter((name) => name.startsWith('VX11_CHAT_') && name !== ofTheProcess),
  ...(['DEEPSEEK_API_KEY', 'DEEPSEEK_BASE_URL', 'VX11_LOCAL_LLM_URL', 'VX11_LOCAL_LLM_MODEL'] as const),
  ...(['VX11_MOCK_PROVIDERS', 'VX11_SWITCH_CHAT_LANE'] as const),
  ...(['HORMIGUERO_ENABLED', 'SHUBNIGGURATH_ENABLED', 'MCP_ENABLED', 'HORMIGUERO_BUILDER_ENABLED'] as const),
  ...(['VX11_MAX_IN_FLIGHT', 'VX11_BREAKER_FAILURES', 'VX11_BREAKER_COOLDOWN_S', 'VX11_BACKUP_KEEP'] as const),
  ...(['VX11_ALLOWED_WINDOW_SERVICES', 'VX11_OPERATOR_CONTROL_ENABLED', 'VX11_WEBHOOKS'] as const),
])

export interface Reload {
  /** What the running configuration is made of from now on. */
  texts: ConfigTexts
  changed: VariableName[]
  needRestart: VariableName[]
}

/** Changes `running`, which everything reads at the moment of use, in one step. */
export function takeOver(running: Config, texts: ConfigTexts, next: ConfigReading): Reload {
  const kept = new Set(upstreamNames.filter((name) => !mayFollow(running, next.config, name)))
  const keptVariables = [...kept].flatMap((name) => upstreamVariables[name])
  const differs = (name: VariableName) => texts.get(name) !== next.sources.texts.get(name)
  const different = configVariables.map(({ name }) => name).filter(differs)
  const changed = different.filter((name) => reloadable.has(name) && !keptVariables.includes(name))
  Object.assign(running, takenOver(running, next.config, kept))
  return { texts: merged(texts, next.sources.texts, changed), changed, needRestart: without(different, changed) }
}

/** An embedded madre and a binding are parts of the process, an address is not. */
const mayFollow = (running: Config, next: Config, name: UpstreamName): boolean =>
  [running, next].every(({ upstreams }) => ['url', 'urls', 'dormant'].includes(upstreams[name].kind)) ||
  JSON.stringify(running.upstreams[name]) === JSON.stringify(next.upstreams[name])

function takenOver(running: Config, next: Config, kept: ReadonlySet<UpstreamName>): Partial<Config> {
  const { knownTokens, upstreamToken, upstreamHeaders, shubSharedSecret, rateLimit, maxBodyBytes, eventStreams } = next
  const { gates, windowServices, controlEnabled, retention, webhooks, hedgedUpstreams, maxInFlight, breaker } = next
  const keptTargets = Object.fromEntries([...kept].map((name) => [name, running.upstreams[name]]))
  return {
    ...{ knownTokens, upstreamToken, upstreamHeaders, shubSharedSecret, rateLimit, maxBodyBytes, eventStreams },
    ...{ gates, windowServices, controlEnabled, retention, webhooks, hedgedUpstreams, maxInFlight, breaker },
    backup: { ...running.backup, keep: next.backup.keep },
    upstreams: { ...next.upstreams, ...keptTargets },
    chat: { ...next.chat, rotation: { ...next.chat.rotation, mode: running.chat.rotation.mode } },
  }
}

function merged(texts: ConfigTexts, next: ConfigTexts, changed: readonly VariableName[]): ConfigTexts {
  const result = new Map(texts)
  for (const name of changed) {
    const text = next.get(name)
    if (text === undefined) result.delete(name)
    else result.set(name, text)
  }
  return result
}

const without = (names: readonly VariableName[], left: readonly VariableName[]) =>
  names.filter((name) => !left.includes(name))

/** Where an instance listens; everything else is alike in a fleet of one configuration. */
export const ofOneInstance: ReadonlySet<VariableName> = new Set(['HOST', 'PORT'])

/** Equal for equal configurations. Short, and of all secrets together, so that none can be guessed by it. */
export const configurationHash = (texts: ConfigTexts): string =>
  digestOf(JSON.stringify([...texts].filter(([name]) => !ofOneInstance.has(name)).sort())).slice(0, 16)
