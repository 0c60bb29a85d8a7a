/** Asks DeepSeek R1 for a plan, a patch, a review or a risk assessment; there is no fallback. */
import { accountsOf, dayOf, tokensSince } from '../../chat/accounts.ts'
import { type Answer, addPiece, noAnswer } from '../../chat/answer.ts'
import { costOf } from '../../chat/cost.ts'
import { failureOf } from '../../chat/failure.ts'
import type { ChatFailure, FailureKind } from '../../chat/provider.ts'
import { askModel } from '../../chat/providers/openai.ts'
import { deepseekModel } from '../../chat/providers.ts'
import { timed } from '../../chat/timed.ts'
import { type AssistRefusal, type ErrorCode, GatewayError } from '../../errors.ts'
import type { Departure, Deps, LimitRule } from '../../ports.ts'
import {
  type AssistAnswer,
  type AssistRequest,
  type AssistStatus,
  callsPerHour,
  mostTokens,
  type Purpose,
  purposes,
} from './schema.ts'

export type AssistDeps = Pick<
  Deps,
  'clock' | 'config' | 'database' | 'limiter' | 'log' | 'metrics' | 'models' | 'random'
>

export interface AssistCaller {
  principal: string
  correlationId: string
  departure: Departure
}

/** Reasoning takes its time; nothing is streamed to the caller. */
const answerMs = 120_000

const rule: LimitRule = { name: 'assist', limit: callsPerHour, windowMs: 3_600_000 }
const keyOf = (principal: string) => `principal:${principal}`

const instructions: Readonly<Record<Purpose, string>> = {
  plan: 'You are a software architect. Answer with a numbered plan: steps, what each changes, and how to check it.',
  patch: 'You write the smallest patch that does what is asked, as a unified diff, and nothing beside it.',
  review: 'You review code. List what is wrong, the worst first, each with its place and a remedy.',
  risk_assessment:
    'You assess risks. List each with likelihood, impact and what would reduce it; then say go or no-go.',
}

export async function readAssistStatus(
  { config, limiter, models }: AssistDeps,
  principal: string,
): Promise<AssistStatus> {
  const configured = models.deepseek_r1 !== undefined
  const left = await limiter.peek(keyOf(principal), rule).catch(() => null)
  return {
    status: config.codevEnabled && configured ? 'enabled' : 'disabled',
    configured,
    codev_enabled: config.codevEnabled,
    rate_limit_per_hour: callsPerHour,
    calls_left: left?.remaining ?? null,
    max_tokens: mostTokens,
    model: deepseekModel,
    purpose_options: [...purposes],
  }
}

/** Rejects with the errors that docs/chat.md lists, each with `request_id` and v7's `error_code`. */
export async function assist(deps: AssistDeps, request: AssistRequest, caller: AssistCaller): Promise<AssistAnswer> {
  const requestId = deps.random.uuid()
  const refuse: Refuse = (code, errorCode, elapsedMs = null, more = {}) => {
    const told: AssistRefusal = { requestId, purpose: request.purpose, errorCode, elapsedMs }
    return new GatewayError(code, { ...more, assist: told })
  }
  const purpose = purposes.find((known) => known === request.purpose)
  if (!purpose) {
    // What the caller wrote is not repeated.
    const told: AssistRefusal = { requestId, purpose: 'invalid', errorCode: 'invalid_purpose', elapsedMs: null }
    throw new GatewayError('invalid_purpose', { assist: told })
  }
  if (!deps.config.codevEnabled) throw refuse('codev_disabled', 'codev_disabled')
  if (!deps.models.deepseek_r1) throw refuse('model_not_configured', 'not_configured')
  await spendCall(deps, caller.principal, refuse)
  const startedAt = deps.clock.monotonic()
  const { answer, failure } = await ask(deps, { ...request, purpose }, caller)
  const elapsedMs = Math.round(deps.clock.monotonic() - startedAt)
  await book(deps, caller, answer, failure, elapsedMs)
  if (failure) throw refuse(codes[failure.kind], v7Word(failure), elapsedMs)
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

type Refuse = (
  code: ErrorCode,
  errorCode: string,
  elapsedMs?: number | null,
  more?: { retryAfterMs?: number },
) => GatewayError

/** An hour's calls, and the model tokens of the day; both count failures, and a store that is down limits nobody. */
async function spendCall(
  { clock, config, database, limiter, log, metrics }: AssistDeps,
  principal: string,
  refuse: Refuse,
): Promise<void> {
  const verdict = await limiter.take(keyOf(principal), rule).catch((error: Error) => {
    log.warn('limiter_unavailable', { reason: error.name })
    return null
  })
  if (verdict && !verdict.allowed) {
    metrics.requestLimited(rule.name)
    throw refuse('too_many_requests', 'rate_limit_exceeded', null, { retryAfterMs: verdict.retryAfterMs })
  }
  const { dailyTokens } = config.chat
  if (dailyTokens === null) return
  const spent = await (async () => tokensSince(database.open(), principal, dayOf(clock.now())))().catch(() => [])
  if ((spent[0]?.tokens ?? 0) < dailyTokens) return
  const midnight = Math.ceil((clock.now() + 1) / 86_400_000) * 86_400_000
  throw refuse('too_many_requests', 'daily_tokens_spent', null, { retryAfterMs: midnight - clock.now() })
}

async function ask(
  { clock, models }: AssistDeps,
  request: AssistRequest & { purpose: Purpose },
  { correlationId, departure }: AssistCaller,
): Promise<{ answer: Answer; failure: ChatFailure | null }> {
  const answer = noAnswer()
  const upstream = models.deepseek_r1
  if (!upstream) throw new GatewayError('model_not_configured')
  const ended = new AbortController()
  const deadlineAt = clock.now() + answerMs
  const question = {
    model: deepseekModel,
    messages: [
      { role: 'system' as const, content: instructions[request.purpose] },
      { role: 'user' as const, content: request.prompt.toWellFormed() },
    ],
    correlationId,
    temperature: request.temperature,
    maxTokens: Math.min(request.max_tokens ?? mostTokens, mostTokens),
  }
  const pieces = askModel(upstream, question, { deadlineAt, idleMs: answerMs, signal: ended.signal })
  const timing = { clock, nextWithinMs: () => deadlineAt - clock.now(), departure, end: () => ended.abort() }
  try {
    for await (const piece of timed(pieces, timing)) addPiece(answer, piece)
    return { answer, failure: null }
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'client_closed_request') throw error
    return { answer, failure: failureOf(error) }
  }
}

/** What was used is booked beside the chat's; a store that is down changes nothing for the caller. */
async function book(
  { clock, config, database, log }: AssistDeps,
  { principal, correlationId }: AssistCaller,
  answer: Answer,
  failure: ChatFailure | null,
  latencyMs: number,
): Promise<void> {
  const outcome = failure?.kind ?? ('answered' as const)
  const attempt = { provider: 'deepseek_r1' as const, outcome, reason: failure?.reason ?? null, latencyMs }
  try {
    const db = database.open()
    const [first, ...rest] = accountsOf(db, {
      ...{ taskType: 'assist', principal, correlationId, provider: 'deepseek_r1', model: answer.model },
      ...{ totalTokens: answer.usage?.totalTokens ?? null, attempts: [attempt], atMs: clock.now() },
      costUsd: costOf(config.chat.prices, answer.model, answer.usage),
    })
    if (first) await db.batch([first, ...rest])
  } catch (error) {
    log.warn('assist_not_booked', { error: error instanceof Error ? error.name : 'unknown' })
  }
}

const codes: Readonly<Record<FailureKind, ErrorCode>> = {
  timeout: 'model_timeout',
  unreachable: 'model_unavailable',
  refused: 'model_failed',
  malformed: 'model_failed',
  empty: 'model_failed',
}

/** `http_401` for a status, `response_parse_error` for what is no answer (contract §2.39). */
function v7Word({ kind, reason }: ChatFailure): string {
  const status = /^status_(\d{3})$/.exec(reason ?? '')?.[1]
  if (status !== undefined) return `http_${status}`
  return kind === 'malformed' || kind === 'empty' ? 'response_parse_error' : kind
}
