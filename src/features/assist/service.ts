/** Asks DeepSeek R1 for a plan, a patch, a review or a risk assessment; there is no fallback (contract P19). */

import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import { deepseekModel } from '../../modules/chat/providers/endpoint-models.ts'
import type { ChatFailure, FailureKind } from '../../modules/chat/providers/provider.ts'
import type { Deps } from '../../ports/index.ts'
import { type AssistCaller, askDeepseek, book } from './deepseek.ts'
import { type QuotaDeps, readCalls, spendCall } from './quota.ts'
import {
  type AssistAnswer,
  type AssistRequest,
  type AssistStatus,
  callsPerHour,
  maxTokens,
  purposes,
} from './schema.ts'

export type AssistDeps = QuotaDeps & Pick<Deps, 'models' | 'random'>

export async function readAssistStatus(deps: AssistDeps, principal: string): Promise<AssistStatus> {
  const { codevEnabled } = deps.config
  const configured = deps.models.deepseek_r1 !== undefined
  return {
    status: codevEnabled && configured ? 'enabled' : 'disabled',
    configured,
    codev_enabled: codevEnabled,
    rate_limit_per_hour: callsPerHour,
    calls_left: (await readCalls(deps, principal))?.remaining ?? null,
    max_tokens: maxTokens,
    model: deepseekModel,
    purpose_options: [...purposes],
  }
}

/** Rejects with the errors that docs/chat.md lists, each with `request_id` and v7's `error_code`. */
export async function assist(deps: AssistDeps, request: AssistRequest, caller: AssistCaller): Promise<AssistAnswer> {
  const requestId = deps.random.uuid()
  const purpose = purposes.find((known) => known === request.purpose)
  const refusal = (code: ErrorCode, errorCode: string, more: { elapsedMs?: number; retryAfterMs?: number } = {}) => {
    const { elapsedMs = null, ...details } = more
    // An unknown purpose is the caller's word, and not repeated.
    return new GatewayError(code, { ...details, assist: { requestId, purpose: purpose ?? null, errorCode, elapsedMs } })
  }
  const upstream = deps.models.deepseek_r1
  if (!purpose) throw refusal('invalid_purpose', 'invalid_purpose')
  if (!deps.config.codevEnabled) throw refusal('codev_disabled', 'codev_disabled')
  if (!upstream) throw refusal('model_not_configured', 'not_configured')
  const spent = await spendCall(deps, caller.principal)
  if (spent) throw refusal('too_many_requests', spent.errorCode, { retryAfterMs: spent.retryAfterMs })
  const outcome = await askDeepseek(deps, upstream, { ...request, purpose }, caller)
  await book(deps, caller, outcome)
  const { answer, failure, elapsedMs } = outcome
  if (failure) throw refusal(codes[failure.kind], v7Word(failure), { elapsedMs })
  return {
    status: 'ok',
    request_id: requestId,
    purpose,
    model: answer.model ?? deepseekModel,
    reasoning_content: answer.reasoning || null,
    response: answer.text,
    tokens_used: answer.usage?.totalTokens ?? null,
    reasoning_tokens: answer.usage?.reasoningTokens ?? null,
    elapsed_ms: elapsedMs,
    correlation_id: caller.correlationId,
  }
}

const codes: Readonly<Record<FailureKind, ErrorCode>> = {
  timeout: 'model_timeout',
  unreachable: 'model_unavailable',
  refused: 'model_failed',
  malformed: 'model_failed',
  empty: 'model_failed',
}

/** `http_401` for a status, `response_parse_error` for what is no answer (contract P19). */
function v7Word({ kind, reason }: ChatFailure): string {
  const status = /^status_(\d{3})$/.exec(reason ?? '')?.[1]
  if (status !== undefined) return `http_${status}`
  return kind === 'malformed' || kind === 'empty' ? 'response_parse_error' : kind
}
