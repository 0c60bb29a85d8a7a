/** The chat's chain: which providers the configuration admits, and which would answer first. */
import type { Config } from '../../../config/config.ts'
import { type Provider, type ProviderName, providerNames } from './provider.ts'
import type { ProviderStates } from './provider-states.ts'

type OrderConfig = Pick<Config, 'chat' | 'upstreams'>

/** Whether the configuration admits a provider to the chain. */
const admitted: Readonly<Record<ProviderName, (config: OrderConfig) => boolean>> = {
  switch: () => true,
  deepseek_r1: ({ chat }) => chat.allowDeepseek && !chat.mockProviders,
  mock: ({ chat }) => chat.mockProviders,
  local_llm: ({ chat }) => chat.localLlmUrl !== null,
  // The embedded madre is this gateway: its own answer says more, and in the operator's language.
  madre: ({ upstreams }) => upstreams.madre.kind !== 'embedded',
  local: () => true,
}

export const providerOrder = (config: OrderConfig): ProviderName[] =>
  providerNames.filter((name) => admitted[name](config))

/** The chain as others may ask about it. */
export interface ChatChain {
  rotation: { current(): readonly Provider[] }
  states: Pick<ProviderStates, 'read'>
}

export interface Asking {
  /** Has scope admin. */
  mayAct: boolean
  /** What is known of the provider's upstream. */
  reachable: (kind: ProviderName) => boolean
}

/** The first provider that the asker's next message would be sent to. */
export const nextProvider = ({ rotation, states }: ChatChain, { mayAct, reachable }: Asking): Provider | undefined =>
  rotation
    .current()
    .find(
      ({ name, kind, configured, acts }) =>
        configured && (mayAct || !acts) && states.read(name).circuit === 'closed' && reachable(kind),
    )
