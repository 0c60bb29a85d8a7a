/** Makes a provider for each model of the OpenAI-compatible endpoints: DeepSeek's, and one of the operator's own. */
import type { ModelName } from '../../../config/config.ts'
import { cachedCall } from '../../../lib/cached-call.ts'
import type { Deps } from '../../../ports/index.ts'
import { askModel, listModels, messagesOf } from './openai.ts'
import { type AskLimits, ChatFailure, type Piece, type Provider, type Question } from './provider.ts'

type EndpointDeps = Pick<Deps, 'clock' | 'config' | 'models' | 'random'>

/** The model that DeepSeek reasons with, by its own name. */
export const deepseekModel = 'deepseek-reasoner'

export const deepseekProviders = (deps: EndpointDeps): Provider[] =>
  ofEndpoint(
    deps,
    { kind: 'deepseek_r1', label: 'deepseek-r1', fallbackSource: 'deepseek_r1' },
    { usual: async () => deepseekModel, known: deepseekModel },
  )

const listFreshMs = 300_000
const listTimeoutMs = 2500

export function localModelProviders(deps: EndpointDeps): Provider[] {
  const { clock, config, models, random } = deps
  const list = cachedCall(clock, { freshForMs: listFreshMs, timeoutMs: listTimeoutMs }, () =>
    listModels(models, 'local_llm', random.uuid()),
  )
  // llama.cpp has one model and minds no name.
  const { localLlmModel } = config.chat
  const named = async () => localLlmModel ?? (await list())?.[0] ?? 'default'
  return ofEndpoint(
    deps,
    { kind: 'local_llm', label: 'local-llm', fallbackSource: 'local_llm' },
    { usual: named, known: localLlmModel },
  )
}

type Endpoint = Pick<Provider, 'label' | 'fallbackSource'> & { kind: ModelName }

interface UsualModel {
  usual: () => Promise<string>
  /** Null where only the endpoint can say. */
  known: string | null
}

/** One for each model that VX11_CHAT_MODELS lists, else one for the usual model. */
function ofEndpoint(deps: EndpointDeps, endpoint: Endpoint, { usual, known }: UsualModel): Provider[] {
  const { config, models, random } = deps
  const { kind } = endpoint
  const provider = (name: string, model: () => Promise<string>, known: string | null): Provider => ({
    ...endpoint,
    ...{ name, weight: 2, usesTokens: true, isModel: true },
    get configured() {
      return models[kind] !== undefined
    },
    ...(known !== null && { model: known }),
    refusal: async () => null,
    ask: (question, limits) => askEndpoint(models, kind, model, question, limits),
    probe: async () => (await listModels(models, kind, random.uuid())) !== null,
  })
  const listed = config.chat.models[kind]
  if (!listed) return [provider(kind, usual, known)]
  return listed.map((model) => provider(`${kind}/${model}`, async () => model, model))
}

async function* askEndpoint(
  models: Deps['models'],
  kind: ModelName,
  model: () => Promise<string>,
  question: Question,
  limits: AskLimits,
): AsyncGenerator<Piece> {
  const upstream = models[kind]
  if (!upstream) throw new ChatFailure('unreachable', 'not_configured')
  const { correlationId } = question
  yield* askModel(upstream, { model: await model(), messages: messagesOf(question), correlationId }, limits)
}
