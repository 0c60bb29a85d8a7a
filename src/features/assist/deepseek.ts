/** One question to DeepSeek R1, read to its end, and booked beside the chat's. */

import { GatewayError } from '../../errors/gateway-error.ts'
import { type Answer, addPiece, noAnswer } from '../../modules/chat/chain/answer.ts'
import { failureOf } from '../../modules/chat/chain/failure.ts'
import { timedAnswer } from '../../modules/chat/chain/timed-answer.ts'
import { accountsOf } from '../../modules/chat/exchanges/accounts.ts'
import { costOf } from '../../modules/chat/exchanges/cost.ts'
import { deepseekModel } from '../../modules/chat/providers/endpoint-models.ts'
import { askModel, type ModelRequest } from '../../modules/chat/providers/openai.ts'
import { ChatFailure } from '../../modules/chat/providers/provider.ts'
import type { CancelSignal, Deps, Upstream } from '../../ports/index.ts'
import { type AssistPurpose, type AssistRequest, maxTokens } from './schema.ts'

export interface AssistCaller {
  principal: string
  correlationId: string
  signal: CancelSignal
}

export interface AssistOutcome {
  answer: Answer
  /** Null when there is an answer. */
  failure: ChatFailure | null
  elapsedMs: number
}

/** Reasoning takes its time; nothing is streamed to the caller. */
const answerMs = 120_000

const instructions: Readonly<Record<AssistPurpose, string>> = {
  plan: 'You are a software architect. Answer with a numbered plan: steps, what each changes, and how to check it.',
  patch: 'You write the smallest patch that does what is asked, as a unified diff, and nothing beside it.',
  review: 'You review code. List what is wrong, the worst first, each with its place and a remedy.',
  risk_assessment:
    'You assess risks. List each with likelihood, impact and what would reduce it; then say go or no-go.',
}

/** Rejects with client_closed_request alone. */
export async function askDeepseek(
  { clock }: Pick<Deps, 'clock'>,
  upstream: Upstream,
  request: AssistRequest & { purpose: AssistPurpose },
  { correlationId, signal }: AssistCaller,
): Promise<AssistOutcome> {
  const answer = noAnswer()
  const ended = new AbortController()
  const startedAt = clock.monotonic()
  const deadlineAt = clock.monotonic() + answerMs
  const limits = { deadlineAt, idleMs: answerMs, signal: ended.signal }
  const pieces = askModel(upstream, questionOf(request, correlationId), limits)
  const timing = { clock, nextWithinMs: () => deadlineAt - clock.monotonic(), signal, end: () => ended.abort() }
  const outcome = (failure: ChatFailure | null) => ({
    answer,
    failure,
    elapsedMs: Math.round(clock.monotonic() - startedAt),
  })
  try {
    for await (const piece of timedAnswer(pieces, timing)) addPiece(answer, piece)
    return outcome(answer.text.trim() === '' ? new ChatFailure('empty') : null)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'client_closed_request') throw error
    return outcome(failureOf(error))
  }
}

const questionOf = (request: AssistRequest & { purpose: AssistPurpose }, correlationId: string): ModelRequest => ({
  model: deepseekModel,
  messages: [
    { role: 'system', content: instructions[request.purpose] },
    { role: 'user', content: request.prompt.toWellFormed() },
  ],
  correlationId,
  temperature: request.temperature,
  maxTokens: Math.min(request.max_tokens ?? maxTokens, maxTokens),
})

/** A store that is down changes nothing for the caller. */
export async function book(
  { clock, config, database, log }: Pick<Deps, 'clock' | 'config' | 'database' | 'log'>,
  { principal, correlationId }: AssistCaller,
  { answer, failure, elapsedMs }: AssistOutcome,
): Promise<void> {
  const { kind: outcome = 'answered', reason = null } = failure ?? {}
  const attempt = { provider: 'deepseek_r1', outcome, reason, latencyMs: elapsedMs } as const
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
