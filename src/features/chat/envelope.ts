/** Puts an answer into the envelope that all generations of VX11's clients read (contract chat/envelope). */
import { type Answer, warningsOf } from '../../modules/chat/chain/answer.ts'
import type { Provider, TokenUsage } from '../../modules/chat/providers/provider.ts'
import { firstModel } from '../../modules/chat/providers/providers.ts'
import type { ModelChoice } from '../../modules/chat/rotation/rotation.ts'
import type { ChatDecision, ChatEnvelope } from './schema.ts'

export interface ExchangeIds {
  messageId: string
  sessionId: string
  correlationId: string
  cacheKey: string
  cached: object | null
}

const noProvider = { label: 'none', fallbackSource: 'error' }
const noAnswer = 'No provider answered, and fallbacks are disabled for this message.'

export function describeAnswer(
  { providers, note }: ModelChoice,
  { messageId, sessionId, correlationId, cached }: ExchangeIds,
  answer: Answer,
  { latencyMs, costUsd, status }: { latencyMs: number; costUsd: number | null; status?: 'interrupted' },
): ChatEnvelope {
  const { provider, text, model, reasoning, usage, plan, attempts, finishReason } = answer
  const { label, fallbackSource } = provider ?? noProvider
  const said = provider ? text : noAnswer
  const named = model ?? provider?.name ?? 'none'
  const degraded = provider === null || provider.name !== firstModel(providers)
  return {
    ...plan,
    message_id: messageId,
    session_id: sessionId,
    response: said,
    message: said,
    reply: said,
    model: named,
    model_used: named,
    provider: label,
    provider_used: label,
    fallback_source: fallbackSource,
    status: status ?? (provider === null ? 'error' : degraded ? 'degraded' : 'ok'),
    degraded,
    reasoning: reasoning || null,
    latency_ms: Math.round(latencyMs * 100) / 100,
    correlation_id: correlationId,
    cache_hit: cached !== null,
    warnings: [...warningsOf(attempts), ...cutWarning(label, finishReason)],
    finish_reason: finishReason,
    usage: usage && describeUsage(usage),
    cost_usd: costUsd,
    stored: null,
    ...(note && { decision: describeDecision(providers, note, provider) }),
  }
}

const describeDecision = (
  providers: readonly Provider[],
  { reason, why, wouldOrder }: NonNullable<ModelChoice['note']>,
  answered: Provider | null,
): ChatDecision => ({
  reason,
  why,
  order: providers.filter(({ isModel }) => isModel).map(({ name }) => name),
  would_order: wouldOrder && [...wouldOrder],
  answered_by: answered?.isModel ? answered.name : null,
})

/** An answer that ends because the model may say no more looks whole. */
const cutWarning = (label: string, finishReason: string | null): string[] =>
  finishReason === 'length' ? [`${label}: answer cut at the model's length limit`] : []

const describeUsage = ({ promptTokens, completionTokens, totalTokens }: TokenUsage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: totalTokens,
})
