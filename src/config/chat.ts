/** Reads the chat's settings: providers, timeout, retention and model prices. */

import * as v from 'valibot'
import { JsonObject } from '../lib/json-object.ts'
import { parseJson } from '../lib/json-text.ts'
import { HttpUrlText } from './addresses.ts'
import type { Environment } from './environment/environment.ts'
import { type ModelName, modelNames } from './upstreams/targets.ts'
import { BooleanText, CredentialText, IntegerText, ModelText, parsedBy, WordText } from './values.ts'

export interface ChatConfig {
  allowDeepseek: boolean
  deepseekApiKey: string | null
  deepseekBaseUrl: string | null
  mockProviders: boolean
  timeoutMs: number
  switchLane: 'models' | 'full'
  localLlmUrl: string | null
  /** Null: the first model that the server lists. */
  localLlmModel: string | null
  /** Null: conversations are never deleted. */
  retentionDays: number | null
  dailyTokens: number | null
  /** US dollars per million tokens, by model. */
  prices: ReadonlyMap<string, { input: number; output: number }>
  /** Of an endpoint that is missing: its usual one. */
  models: Readonly<Partial<Record<ModelName, readonly string[] | undefined>>>
  rotation: RotationConfig
}

export const rotationModes = ['off', 'dry-run', 'on'] as const

export interface RotationConfig {
  mode: (typeof rotationModes)[number]
  /** Messages in a hundred that another than the first model may answer, to learn of it. */
  explorePct: number
}

/** Placeholders in compose files and examples; they count as unset (contract Q-50). */
const placeholderKeys = new Set(['not-set', 'changeme'])

const Price = v.pipe(v.number(), v.finite(), v.minValue(0))
const Prices = v.pipe(JsonObject, v.record(v.string(), v.strictObject({ input: Price, output: Price })))
const PricesText = parsedBy((text) => {
  const prices = v.safeParse(Prices, parseJson(text))
  return prices.success ? new Map(Object.entries(prices.output)) : null
}, 'must be a JSON object of {"input": number, "output": number} by model')

const maxModels = 8
const ModelList = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,128}$/))),
  v.minLength(1),
  v.maxLength(maxModels),
  v.check((models) => new Set(models).size === models.length),
)
const Models = v.pipe(
  JsonObject,
  v.strictObject({ deepseek_r1: v.optional(ModelList), local_llm: v.optional(ModelList) }),
)
const ModelsText = parsedBy(
  (text) => {
    const models = v.safeParse(Models, parseJson(text))
    return models.success ? models.output : null
  },
  `must be a JSON object of 1 to ${maxModels} different model names by ${modelNames.join(' or ')}`,
)

function readModels(env: Environment): Pick<ChatConfig, 'models' | 'localLlmModel'> {
  const models = env.optional('VX11_CHAT_MODELS', ModelsText) ?? {}
  const localLlmModel = env.optional('VX11_LOCAL_LLM_MODEL', ModelText)
  if (localLlmModel !== null && models.local_llm)
    env.complain('VX11_LOCAL_LLM_MODEL', 'must be unset where VX11_CHAT_MODELS lists the models of local_llm')
  return { models, localLlmModel }
}

export function readChat(env: Environment, production: boolean): ChatConfig {
  const mockProviders = env.value('VX11_MOCK_PROVIDERS', BooleanText)
  if (production && mockProviders) env.complain('VX11_MOCK_PROVIDERS', 'must be off in production')
  const key = env.optional('DEEPSEEK_API_KEY', CredentialText)
  return {
    allowDeepseek: env.value('VX11_CHAT_ALLOW_DEEPSEEK', BooleanText),
    deepseekApiKey: key !== null && placeholderKeys.has(key) ? null : key,
    deepseekBaseUrl: env.optional('DEEPSEEK_BASE_URL', HttpUrlText),
    mockProviders,
    timeoutMs: env.value('VX11_CHAT_TIMEOUT_MS', IntegerText(1, 600_000)),
    switchLane: env.value('VX11_SWITCH_CHAT_LANE', WordText(['models', 'full'])),
    localLlmUrl: env.optional('VX11_LOCAL_LLM_URL', HttpUrlText),
    ...readModels(env),
    rotation: {
      mode: env.value('VX11_CHAT_ROTATION', WordText(rotationModes)),
      explorePct: env.value('VX11_CHAT_EXPLORE_PCT', IntegerText(0, 20)),
    },
    dailyTokens: env.optional('VX11_CHAT_DAILY_TOKENS', IntegerText(1, 1_000_000_000)),
    retentionDays: env.optional('VX11_CHAT_RETENTION_DAYS', IntegerText(1, 36_500)),
    prices: env.optional('VX11_CHAT_PRICES', PricesText) ?? new Map(),
  }
}
