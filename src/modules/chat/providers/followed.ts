/** The providers of the configuration in force, made anew when a reload exchanged it. */
import type { Config } from '../../../config/config.ts'
import { modelAddress } from '../../../upstream/model-endpoint.ts'
import type { Provider, ProviderName } from './provider.ts'
import type { ProviderStates } from './provider-states.ts'
import { chatProviders, type ProviderDeps } from './providers.ts'

type Reached = Pick<Config, 'chat' | 'upstreams'>

/** A message under way keeps those that it began with; what no longer exists rejects. */
export function followedProviders(
  deps: ProviderDeps,
  states: Pick<ProviderStates, 'exchanged'>,
): () => readonly Provider[] {
  const { config } = deps
  let { chat, upstreams } = config
  let providers = chatProviders(deps)
  return () => {
    if (chat === config.chat && upstreams === config.upstreams) return providers
    const before = { chat, upstreams }
    ;({ chat, upstreams } = config)
    for (const { name, kind } of providers)
      if (addressOf(kind, before) !== addressOf(kind, config)) states.exchanged(name)
    providers = chatProviders(deps)
    return providers
  }
}

/** What is learned of a provider is of this. */
const reached: Readonly<Record<ProviderName, (config: Reached) => unknown>> = {
  switch: ({ upstreams }) => upstreams.switch,
  deepseek_r1: ({ chat }) => modelAddress('deepseek_r1', chat),
  mock: () => null,
  local_llm: ({ chat }) => modelAddress('local_llm', chat),
  madre: ({ upstreams }) => upstreams.madre,
  local: () => null,
}

const addressOf = (kind: ProviderName, config: Reached) => JSON.stringify(reached[kind](config))
