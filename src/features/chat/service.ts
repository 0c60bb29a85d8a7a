/** Carries one message from the caller to whoever answers, and keeps what was said. */
import { type Answer, askedOnes, noAnswer } from '../../chat/answer.ts'
import { answerChain, type ChainEvent } from '../../chat/chain.ts'
import { costOf } from '../../chat/cost.ts'
import { exchanges } from '../../chat/exchanges.ts'
import { messageIdOf } from '../../chat/message-ids.ts'
import type { Provider, Question } from '../../chat/provider.ts'
import { providerStates } from '../../chat/provider-states.ts'
import { chatProviders, type ProviderDeps } from '../../chat/providers.ts'
import { GatewayError } from '../../errors.ts'
import { within } from '../../lib/within.ts'
import type { Departure, Deps } from '../../ports.ts'
import { type AnswerCache, answerCache } from './answer-cache.ts'
import { describeAnswer, type ExchangeIds } from './envelope.ts'
import type { ChatEnvelope, ChatRequest } from './schema.ts'

export type ChatDeps = ProviderDeps & Pick<Deps, 'database' | 'cache' | 'log' | 'announce' | 'background'>

export interface Caller {
  principal: string
  correlationId: string
  departure: Departure
  /** Wants no answer from the cache. */
  fresh: boolean
}

/** A question that may be answered now. */
export interface OpenExchange extends ExchangeIds {
  question: Question
  caller: Caller
  /** Null when the database did not take the question. */
  answerRow: number | null
  stored: false | null
  tokensToday: number
  startedAt: number
  deadlineAt: number
  disableFallbacks: boolean
  cached: Awaited<ReturnType<AnswerCache['read']>>
}

export type ExchangeEvent = ChainEvent | { kind: 'done'; envelope: ChatEnvelope } | { kind: 'broken'; answer: Answer }

export interface ChatService {
  providers: readonly Provider[]
  states: ReturnType<typeof providerStates>
  /** Rejects with session_not_found for another principal's session. */
  open(request: ChatRequest, caller: Caller): Promise<OpenExchange>
  /** Ends with `done`, or with `broken` after tokens were sent. Rejects with client_closed_request. */
  answer(exchange: OpenExchange, streamed: boolean): AsyncGenerator<ExchangeEvent>
}

/** For the question; the answer gets what is kept for it, and a little more. */
const openingMs = 500
const keepingMs = 500

export function chatService(deps: ChatDeps): ChatService {
  const { clock, config, log, random } = deps
  const { timeoutMs, dailyTokens } = config.chat
  const providers = chatProviders(deps)
  const states = providerStates(deps)
  const store = exchanges(deps.database)
  const cache = answerCache(deps)
  const late = new Error('The database took too long.')

  /** False when the store said no, null when it said nothing in time. */
  async function stored<T>(ms: number, work: () => Promise<T>): Promise<{ value: T } | false | null> {
    try {
      return { value: await within(clock, ms, work(), () => late) }
    } catch (error) {
      log.warn('chat_not_stored', { reason: rootOf(error) })
      return error === late ? null : false
    }
  }

  async function keep(exchange: OpenExchange, answer: Answer, envelope: ChatEnvelope): Promise<boolean | null> {
    const { answerRow, question, caller } = exchange
    if (answerRow === null) return exchange.stored
    const { response, message, reply, ...metadata } = { ...envelope, stored: true }
    const kept = await stored(keepingMs, () =>
      store.keep({
        ...{ row: answerRow, sessionId: question.sessionId, principal: caller.principal, text: response },
        ...{ correlationId: caller.correlationId, metadata: JSON.stringify(metadata), model: answer.model },
        ...{ provider: answer.provider?.name ?? null, totalTokens: answer.usage?.totalTokens ?? null },
        costUsd: envelope.cost_usd,
        ...{ attempts: askedOnes(answer.attempts), atMs: clock.now(), taskType: 'chat' },
      }),
    )
    return kept ? true : kept
  }

  async function conclude(exchange: OpenExchange, answer: Answer, status?: 'interrupted'): Promise<ChatEnvelope> {
    const latencyMs = clock.monotonic() - exchange.startedAt
    const costUsd = costOf(config.chat.prices, answer.model, answer.usage)
    const envelope = describeAnswer(providers, exchange, answer, { latencyMs, costUsd, ...(status && { status }) })
    if (envelope.status === 'ok' && !exchange.cached) cache.write(exchange, answer)
    return { ...envelope, stored: await keep(exchange, answer, envelope) }
  }

  return {
    providers,
    states,

    async open(request, caller) {
      const startedAt = clock.monotonic()
      const deadlineAt = clock.now() + timeoutMs
      const sessionId = request.session_id ?? random.uuid()
      const { principal, correlationId } = caller
      const asked = { sessionId, principal, correlationId, message: request.message.toWellFormed() }
      const [opened, cached] = await Promise.all([
        stored(openingMs, () => store.open({ ...asked, atMs: clock.now() })),
        caller.fresh ? null : cache.read(principal, request),
      ])
      if (opened && opened.value === null) throw new GatewayError('session_not_found')
      const known = opened ? opened.value : null
      return {
        question: {
          ...{ message: asked.message, sessionId, correlationId, metadata: request.metadata ?? {} },
          ...{ history: known?.history ?? [], lastEvents: known?.lastEvents ?? null },
        },
        ...{ caller, startedAt, deadlineAt, cached, sessionId, correlationId },
        // Of a message that is not stored nobody can ask later; the name says nothing then.
        messageId: known ? messageIdOf(known.answerRow) : `msg_${random.uuid().replaceAll('-', '')}`,
        cacheKey: cache.keyOf(principal, request),
        answerRow: known?.answerRow ?? null,
        stored: opened === null ? null : false,
        tokensToday: known?.tokensToday ?? 0,
        disableFallbacks: request.disable_fallbacks ?? false,
      }
    },

    async *answer(exchange, streamed) {
      const answer = exchange.cached ? fromCache(providers, exchange.cached) : noAnswer()
      try {
        if (exchange.cached) yield* replay(answer)
        else {
          const { deadlineAt, disableFallbacks, tokensToday, question, caller } = exchange
          const tokensSpent = dailyTokens !== null && tokensToday >= dailyTokens
          const silenceMs = Math.max(1000, timeoutMs * 0.4)
          const rules = { deadlineAt, streamed, silenceMs, disableFallbacks, tokensSpent, departure: caller.departure }
          yield* answerChain({ clock, providers, states }, question, answer, rules)
        }
      } catch (error) {
        if (answer.text !== '') await conclude(exchange, answer, 'interrupted')
        throw error
      } finally {
        states.probeDue(providers)
      }
      const envelope = await conclude(exchange, answer, answer.broken ? 'interrupted' : undefined)
      yield answer.broken ? { kind: 'broken', answer } : { kind: 'done', envelope }
    },
  }
}

const fromCache = (
  providers: readonly Provider[],
  { provider, ...said }: NonNullable<OpenExchange['cached']>,
): Answer => ({
  ...noAnswer(),
  ...said,
  provider: providers.find(({ name }) => name === provider) ?? null,
})

function* replay({ provider, reasoning, text, attempts }: Answer): Generator<ChainEvent> {
  if (provider) yield { kind: 'start', provider, attempts }
  if (reasoning) yield { kind: 'reasoning', text: reasoning }
  yield { kind: 'token', text }
}

/** The store's own words: a failed query's message holds what the caller wrote. */
const rootOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error
    ? rootOf(error.cause)
    : error.name === 'DrizzleQueryError'
      ? 'query failed'
      : error.message
}
