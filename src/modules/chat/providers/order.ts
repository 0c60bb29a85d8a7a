/** The chat's chain: who is asked, in which order, and who would be the first to answer. */
import type { Config } from '../../../config/config.ts'
import type { Provider, ProviderName } from './provider.ts'
import type { ProviderStates } from './provider-states.ts'

export function providerOrder({ chat, upstreams }: Pick<Config, 'chat' | 'upstreams'>): ProviderName[] {
  const { allowDeepseek, mockProviders, localLlmUrl } = chat
  return [
    'switch',
    ...(mockProviders ? (['mock'] as const) : allowDeepseek ? (['deepseek_r1'] as const) : []),
    ...(localLlmUrl === null ? [] : (['local_llm'] as const)),
    // The embedded madre is this gateway: its own answer says more, and in the operator's language.
    ...(upstreams.madre.kind === 'embedded' ? [] : (['madre'] as const)),
    'local',
  ]
}

/** The chain as others may ask about it. */
export interface ChatChain {
  providers: readonly Provider[]
  states: Pick<ProviderStates, 'read'>
}

/** The first provider that the next message would be sent to; `reachable` is what the caller knows of its upstream. */
export const nextProvider = (
  { providers, states }: ChatChain,
  reachable: (name: ProviderName) => boolean,
): Provider | undefined =>
  providers.find(({ name, configured }) => configured && states.read(name).circuit === 'closed' && reachable(name))
