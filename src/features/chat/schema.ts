/** What the chat takes, and the one envelope in which it answers (contract chat/envelope). */
import * as v from 'valibot'
import { OptionalSessionId } from '../../lib/ids.ts'
import { JsonObject } from '../../lib/json-object.ts'
import { providerNames } from '../../modules/chat/providers/provider.ts'
import { decisionReasons } from '../../modules/chat/rotation/rotation.ts'

/** In code points; what v7's consoles check before they send. */
export const maxMessageLength = 4000

/** Length is checked later: too long is 413 and not 422 (contract P3). */
export const ChatRequest = v.object({
  message: v.pipe(v.string(), v.regex(/\S/, 'Expected a message')),
  session_id: OptionalSessionId,
  /** Ignored, as in v7: a session belongs to the principal. */
  user_id: v.nullish(v.string()),
  metadata: v.nullish(JsonObject),
  correlation_id: v.nullish(v.string()),
  /** True, or `Accept: text/event-stream`, streams the answer. */
  stream: v.nullish(v.boolean()),
  /** Only the first configured provider is asked. */
  disable_fallbacks: v.nullish(v.boolean()),
})
export type ChatRequest = v.InferOutput<typeof ChatRequest>

const Usage = v.object({
  prompt_tokens: v.nullable(v.number()),
  completion_tokens: v.nullable(v.number()),
  total_tokens: v.number(),
})

/** Why the models were asked in this order; only while rotation is on or a dry run. */
export const ChatDecision = v.object({
  reason: v.picklist(decisionReasons),
  why: v.string(),
  /** The models, the first to be asked first. */
  order: v.array(v.string()),
  /** Of a dry run: the order that was learned. */
  would_order: v.nullable(v.array(v.string())),
  /** Null where no model answered. */
  answered_by: v.nullable(v.string()),
})
export type ChatDecision = v.InferOutput<typeof ChatDecision>

/** `response`, `message` and `reply` are the same, and so are the pairs with `_used`: VX11's clients read one each. */
export const ChatEnvelope = v.object({
  message_id: v.string(),
  session_id: v.string(),
  response: v.string(),
  message: v.string(),
  reply: v.string(),
  model: v.string(),
  model_used: v.string(),
  /** `none` where no provider answered, which only happens when fallbacks are disabled. */
  provider: v.string(),
  provider_used: v.string(),
  fallback_source: v.string(),
  /** `interrupted` is only found when it is read later: the caller left, or the provider broke off. */
  status: v.picklist(['ok', 'degraded', 'error', 'interrupted']),
  /** Whether a fallback answered instead of the first configured model. */
  degraded: v.boolean(),
  reasoning: v.nullable(v.string()),
  latency_ms: v.number(),
  correlation_id: v.string(),
  cache_hit: v.boolean(),
  /** What was tried, and why it did not answer. */
  warnings: v.array(v.string()),
  /** Why the model stopped, in its endpoint's word; null where the provider does not report it. */
  finish_reason: v.nullable(v.string()),
  /** Null where the provider does not report it. */
  usage: v.nullable(Usage),
  /** By VX11_CHAT_PRICES; null where it names no price, or the provider no tokens. */
  cost_usd: v.nullable(v.number()),
  /** Whether the exchange is in the store; null where the store did not say in time. */
  stored: v.nullable(v.boolean()),
  decision: v.optional(ChatDecision),
  /** The fields below come from madre's answer. */
  intent_id: v.optional(v.unknown()),
  plan_id: v.optional(v.unknown()),
  mode: v.optional(v.unknown()),
  targets: v.optional(v.unknown()),
  actions: v.optional(v.unknown()),
})
export type ChatEnvelope = v.InferOutput<typeof ChatEnvelope>

const outcomes = v.object({ answered: v.number(), failed: v.number(), mean_latency_ms: v.nullable(v.number()) })

export const ProviderReport = v.object({
  /** `kind/model` where VX11_CHAT_MODELS lists several models of one endpoint. */
  name: v.string(),
  kind: v.picklist(providerNames),
  label: v.string(),
  configured: v.boolean(),
  /** Null when the next message may go there. */
  refusal: v.nullable(v.string()),
  circuit: v.picklist(['closed', 'open', 'half_open']),
  /** When a failing provider is probed again. */
  cooling_until: v.nullable(v.string()),
  last_success_at: v.nullable(v.string()),
  last_failure: v.nullable(v.object({ kind: v.string(), reason: v.nullable(v.string()), at: v.string() })),
  /** Since this process began. */
  here: outcomes,
  /** Over the whole database; null when it does not answer. */
  stored: v.nullable(outcomes),
})
export type ProviderReport = v.InferOutput<typeof ProviderReport>

export const ProvidersReport = v.object({
  providers: v.array(ProviderReport),
  /** What limits a chat. */
  timeout_ms: v.number(),
  switch_lane: v.picklist(['models', 'full']),
  correlation_id: v.string(),
})
export type ProvidersReport = v.InferOutput<typeof ProvidersReport>

const counts = { asked: v.number(), answered: v.number(), tokens: v.number() }

/** Since midnight, UTC. */
export const UsageReport = v.object({
  principal: v.string(),
  day: v.string(),
  /** Of the principal; answers without a token count are not included. */
  tokens_used: v.number(),
  tokens_limit: v.nullable(v.number()),
  tokens_left: v.nullable(v.number()),
  /** Of the principal. */
  models: v.array(v.object({ model: v.string(), ...counts })),
  /** Of everybody; the cost is null where no price is configured. */
  providers: v.array(v.object({ provider: v.string(), ...counts, cost_usd: v.nullable(v.number()) })),
  correlation_id: v.string(),
})
export type UsageReport = v.InferOutput<typeof UsageReport>

export const ChatHeaders = v.object({
  'X-VX11-Deadline-Ms': v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,5}$/), v.description('How long the caller still waits for an answer')),
  ),
  'Cache-Control': v.optional(v.pipe(v.string(), v.description('no-cache or no-store asks anew'))),
  Accept: v.optional(v.pipe(v.string(), v.description('text/event-stream streams the answer'))),
})
