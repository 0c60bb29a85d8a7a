/** Makes each provider of the chat: how it is asked, when it is refused, how it is probed. */
import type { UpstreamName } from '../../../config/config.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { Deps } from '../../../ports/index.ts'
import { probeHealth } from '../../../upstream/health/health-probe.ts'
import { admission } from '../../power/admission.ts'
import type { PowerPolicy } from '../../power/power-policy.ts'
import { liveState } from '../local/live-state.ts'
import { localAnswer } from '../local/local-answer.ts'
import { deepseekProviders, localModelProviders } from './endpoint-models.ts'
import { askMadreChat } from './madre.ts'
import { askMock } from './mock.ts'
import { providerOrder } from './order.ts'
import type { Piece, Provider, ProviderName } from './provider.ts'
import { askSwitch } from './switch.ts'

export type ProviderDeps = Pick<
  Deps,
  'background' | 'config' | 'clock' | 'random' | 'upstreams' | 'probes' | 'models' | 'healthChecks'
> & { policy: Pick<PowerPolicy, 'admit' | 'known'> }

export const chatProviders = (deps: ProviderDeps): Provider[] =>
  providerOrder(deps.config).flatMap((kind) => makers[kind](deps))

const model = { weight: 2, usesTokens: true, isModel: true }
const standIn = { usesTokens: false, isModel: false }
const always = async () => null

/** Longer than madre needs for its power state, shorter than a caller's timeout. */
const admissionMs = 600

function switchProvider(deps: ProviderDeps): Provider {
  const { clock, config, policy, upstreams } = deps
  const { switchLane } = config.chat
  const late = new Error('late')
  const verdict = (acceptedMs?: number) =>
    withTimeout(clock, admissionMs, policy.admit('switch', acceptedMs), () => late).catch(() =>
      admission(config, true, policy.known(), 'switch'),
    )
  return {
    ...model,
    name: 'switch',
    kind: 'switch',
    label: 'switch',
    fallbackSource: 'switch_cli_copilot',
    acts: switchLane !== 'models',
    get configured() {
      return upstreams.switch !== undefined
    },
    refusal: async (acceptedMs) => ((await verdict(acceptedMs)).allowed ? null : 'off_by_policy'),
    ask: (question, limits) => askSwitch(deps, switchLane, question, limits),
    probe: () => isUp(deps, 'switch'),
  }
}

const mockProvider: Provider = {
  ...model,
  usesTokens: false,
  name: 'mock',
  kind: 'mock',
  label: 'mock',
  fallbackSource: 'mock',
  configured: true,
  refusal: always,
  ask: askMock,
}

const madreProvider = (deps: ProviderDeps): Provider => ({
  ...standIn,
  weight: 1,
  name: 'madre',
  kind: 'madre',
  label: 'madre',
  fallbackSource: 'madre',
  // Without a model of her own the real madre plans: she stores tasks and may start a process (contract madre/chat).
  acts: true,
  get configured() {
    return deps.upstreams.madre !== undefined
  },
  refusal: always,
  ask: (question, limits) => askMadreChat(deps, question, limits),
  probe: () => isUp(deps, 'madre'),
})

const isUp = async (deps: ProviderDeps, name: UpstreamName) => (await probeHealth(deps, name))?.up === true

const localProvider = (deps: ProviderDeps): Provider => ({
  ...standIn,
  weight: 0,
  name: 'local',
  kind: 'local',
  label: 'local',
  fallbackSource: 'local_llm_degraded',
  configured: true,
  refusal: always,
  async *ask(question): AsyncGenerator<Piece> {
    yield { kind: 'model', model: 'local_llm_degraded' }
    yield { kind: 'token', text: localAnswer(question.message, liveState(deps, question.lastEvents)).text }
  },
})

const makers: Readonly<Record<ProviderName, (deps: ProviderDeps) => Provider[]>> = {
  switch: (deps) => [switchProvider(deps)],
  deepseek_r1: deepseekProviders,
  mock: () => [mockProvider],
  local_llm: localModelProviders,
  madre: (deps) => [madreProvider(deps)],
  local: (deps) => [localProvider(deps)],
}

/** The first model that is configured; any other provider that answers is its fallback. */
export const firstModel = (providers: readonly Provider[]): string | null =>
  providers.find(({ isModel, configured }) => isModel && configured)?.name ?? null
