/** Makes each provider of the chat: how it is asked, when it is refused, how it is probed. */
import type { ModelName, UpstreamName } from '../../../config/config.ts'
import { cachedCall } from '../../../lib/cached-call.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { Deps } from '../../../ports/index.ts'
import { probeHealth } from '../../../upstream/health/health-probe.ts'
import { admission } from '../../power/admission.ts'
import type { PowerPolicy } from '../../power/power-policy.ts'
import { liveState } from '../local/live-state.ts'
import { localAnswer } from '../local/local-answer.ts'
import { askMadreChat } from './madre.ts'
import { askMock } from './mock.ts'
import { askModel, listModels, messagesOf } from './openai.ts'
import { providerOrder } from './order.ts'
import { ChatFailure, type Piece, type Provider, type ProviderName } from './provider.ts'
import { askSwitch } from './switch.ts'

export type ProviderDeps = Pick<
  Deps,
  'background' | 'config' | 'clock' | 'random' | 'upstreams' | 'probes' | 'models' | 'healthChecks'
> & { policy: Pick<PowerPolicy, 'admit' | 'known'> }

/** The model that DeepSeek reasons with, by its own name. */
export const deepseekModel = 'deepseek-reasoner'

export const chatProviders = (deps: ProviderDeps): Provider[] =>
  providerOrder(deps.config).map((name) => makers[name](deps))

const model = { weight: 2, usesTokens: true, isModel: true }
const standIn = { usesTokens: false, isModel: false }
const always = async () => null

/** Longer than madre needs for its power state, shorter than a caller's timeout. */
const admissionMs = 600

function switchProvider(deps: ProviderDeps): Provider {
  const { clock, config, policy, upstreams } = deps
  const late = new Error('late')
  const verdict = (acceptedMs?: number) =>
    withTimeout(clock, admissionMs, policy.admit('switch', acceptedMs), () => late).catch(() =>
      admission(config, true, policy.known(), 'switch'),
    )
  return {
    ...model,
    name: 'switch',
    label: 'switch',
    fallbackSource: 'switch_cli_copilot',
    acts: config.chat.switchLane !== 'models',
    get configured() {
      return upstreams.switch !== undefined
    },
    refusal: async (acceptedMs) => ((await verdict(acceptedMs)).allowed ? null : 'off_by_policy'),
    ask: (question, limits) => askSwitch(deps, question, limits),
    probe: () => isUp(deps, 'switch'),
  }
}

function deepseekProvider({ models, random }: ProviderDeps): Provider {
  return {
    ...model,
    name: 'deepseek_r1',
    label: 'deepseek-r1',
    fallbackSource: 'deepseek_r1',
    configured: models.deepseek_r1 !== undefined,
    model: deepseekModel,
    refusal: always,
    ask: (question, limits) => {
      const messages = messagesOf(question)
      const { correlationId } = question
      return askModel(upstreamOf(models, 'deepseek_r1'), { model: deepseekModel, messages, correlationId }, limits)
    },
    probe: async () => (await listModels(models, 'deepseek_r1', random.uuid())) !== null,
  }
}

const listFreshMs = 300_000
const listTimeoutMs = 2500

function localModelProvider({ clock, config, models, random }: ProviderDeps): Provider {
  const list = cachedCall(clock, { freshForMs: listFreshMs, timeoutMs: listTimeoutMs }, () =>
    listModels(models, 'local_llm', random.uuid()),
  )
  return {
    ...model,
    name: 'local_llm',
    ...(config.chat.localLlmModel !== null && { model: config.chat.localLlmModel }),
    label: 'local-llm',
    fallbackSource: 'local_llm',
    configured: true,
    refusal: always,
    async *ask(question, limits) {
      // llama.cpp has one model and minds no name.
      const name = config.chat.localLlmModel ?? (await list())?.[0] ?? 'default'
      const request = { model: name, messages: messagesOf(question), correlationId: question.correlationId }
      yield* askModel(upstreamOf(models, 'local_llm'), request, limits)
    },
    probe: async () => (await listModels(models, 'local_llm', random.uuid())) !== null,
  }
}

function upstreamOf(models: Deps['models'], name: ModelName) {
  const upstream = models[name]
  if (!upstream) throw new ChatFailure('unreachable', 'not_configured')
  return upstream
}

const mockProvider: Provider = {
  ...model,
  usesTokens: false,
  name: 'mock',
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
  label: 'local',
  fallbackSource: 'local_llm_degraded',
  configured: true,
  refusal: always,
  async *ask(question): AsyncGenerator<Piece> {
    yield { kind: 'model', model: 'local_llm_degraded' }
    yield { kind: 'token', text: localAnswer(question.message, liveState(deps, question.lastEvents)).text }
  },
})

const makers: Readonly<Record<ProviderName, (deps: ProviderDeps) => Provider>> = {
  switch: switchProvider,
  deepseek_r1: deepseekProvider,
  mock: () => mockProvider,
  local_llm: localModelProvider,
  madre: madreProvider,
  local: localProvider,
}

/** The first model that is configured; any other provider that answers is its fallback. */
export const firstModel = (providers: readonly Provider[]): ProviderName | null =>
  providers.find(({ isModel, configured }) => isModel && configured)?.name ?? null
