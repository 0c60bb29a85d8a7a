/** Sends a message through the provider chain and stores the exchange. */

import { GatewayError } from '../../errors/gateway-error.ts'
import { type Answer, noAnswer } from '../../modules/chat/chain/answer.ts'
import { answerChain, type ChainEvent } from '../../modules/chat/chain/chain.ts'
import { costOf } from '../../modules/chat/exchanges/cost.ts'
import { messageIdOf } from '../../modules/chat/exchanges/message-ids.ts'
import { followedProviders } from '../../modules/chat/providers/followed.ts'
import type { Provider, Question } from '../../modules/chat/providers/provider.ts'
import { providerStates } from '../../modules/chat/providers/provider-states.ts'
import type { ProviderDeps } from '../../modules/chat/providers/providers.ts'
import { chatRotation, type ModelChoice, type Rotation } from '../../modules/chat/rotation/rotation.ts'
import { recordSampled } from '../../modules/timeline/sampling.ts'
import type { CancelSignal, Deps } from '../../ports/index.ts'
import { answerCache, type CachedAnswer } from './answer-cache.ts'
import { describeAnswer, type ExchangeIds } from './envelope.ts'
import { exchangeKeeper } from './exchange-keeper.ts'
import { recordedChat } from './recorded.ts'
import type { ChatEnvelope, ChatRequest } from './schema.ts'

export type ChatDeps = ProviderDeps &
  Pick<Deps, 'database' | 'cache' | 'log' | 'announce' | 'background' | 'metrics' | 'recorder' | 'tracing'>

export interface ChatCaller {
  principal: string
  /** Has scope admin. */
  mayAct: boolean
  correlationId: string
  traceparent?: string | undefined
  signal: CancelSignal
  /** Milliseconds that the caller still waits; null when it does not say. */
  timeoutMs: number | null
  /** Wants no answer from the cache. */
  fresh: boolean
}

/** A question that may be answered now. */
export interface OpenExchange extends ExchangeIds {
  question: Question
  caller: ChatCaller
  /** Null when the database did not take the question. */
  answerRow: number | null
  /** As the store and providers know the session. */
  sessionName: string
  stored: false | null
  tokensToday: number
  startedAt: number
  deadlineAt: number
  disableFallbacks: boolean
  /** What its answer is read with, though a reload exchanges the providers meanwhile. */
  cached: { answer: Answer; providers: readonly Provider[] } | null
}

export type ExchangeEvent = ChainEvent | { kind: 'done'; envelope: ChatEnvelope } | { kind: 'broken'; answer: Answer }

export interface ChatService {
  /** Of the configuration in force. */
  providers(): readonly Provider[]
  states: ReturnType<typeof providerStates>
  rotation: Rotation
  /** Rejects with session_not_found for a session that is being deleted. */
  open(request: ChatRequest, caller: ChatCaller): Promise<OpenExchange>
  /** Ends with `done`, or with `broken` after tokens were sent. Rejects with client_closed_request. */
  answer(exchange: OpenExchange, streamed: boolean): AsyncGenerator<ExchangeEvent>
}

export function chatService(deps: ChatDeps): ChatService {
  const { clock, config, metrics, random, tracing } = deps
  const states = providerStates(deps)
  const providers = followedProviders(deps, states)
  const rotation = chatRotation({ ...deps, providers, states })
  const { keepQuestion, keepAnswer } = exchangeKeeper(deps)
  const cache = answerCache(deps)

  async function conclude(
    exchange: OpenExchange,
    answer: Answer,
    decision: ModelChoice,
    status?: 'interrupted',
  ): Promise<ChatEnvelope> {
    const latencyMs = clock.monotonic() - exchange.startedAt
    const costUsd = costOf(config.chat.prices, answer.model, answer.usage)
    if (!exchange.cached) rotation.learn({ answer, costUsd, atMs: clock.now() })
    const envelope = describeAnswer(decision, exchange, answer, { latencyMs, costUsd, ...(status && { status }) })
    if (envelope.status === 'ok' && !exchange.cached) cache.write(exchange, answer)
    recordSampled(deps, recordedChat(exchange, { answer, envelope, at: clock.now(), durationMs: latencyMs }))
    const { answerRow: row, caller, sessionName } = exchange
    const stored =
      row === null
        ? exchange.stored
        : await keepAnswer({ row, sessionName, principal: caller.principal, answer, envelope })
    return { ...envelope, stored }
  }

  return {
    providers,
    states,
    rotation,

    async open(request, caller) {
      const startedAt = clock.monotonic()
      const { timeoutMs } = config.chat
      const budgetMs = Math.min(timeoutMs, caller.timeoutMs ?? timeoutMs)
      const deadlineAt = clock.monotonic() + budgetMs
      const sessionId = request.session_id ?? random.uuid()
      const { principal, correlationId } = caller
      const cacheKey = cache.keyOf({ principal, mayAct: caller.mayAct, sessionId }, request)
      const asked = { sessionId, principal, correlationId, message: request.message.toWellFormed() }
      const [kept, cached] = await Promise.all([
        keepQuestion({ ...asked, atMs: clock.now() }),
        caller.fresh || !request.session_id ? null : cache.read(cacheKey),
        rotation.ready(),
      ])
      if (kept === 'deleting') throw new GatewayError('session_not_found')
      const known = kept || null
      const sessionName = known?.sessionName ?? sessionId
      return {
        question: {
          ...{ message: asked.message, sessionId: sessionName, correlationId, metadata: request.metadata ?? {} },
          ...{ history: known?.history ?? [], lastEvents: known?.lastEvents ?? null },
        },
        ...{ caller, startedAt, deadlineAt, sessionId, correlationId },
        cached: cached && fromCache(providers(), cached),
        // A message that was not stored cannot be read later, so any unique id will do.
        messageId: known ? messageIdOf(known.answerRow) : `msg_${random.uuid().replaceAll('-', '')}`,
        cacheKey,
        answerRow: known?.answerRow ?? null,
        sessionName,
        stored: kept === null ? null : false,
        tokensToday: known?.tokensToday ?? 0,
        disableFallbacks: request.disable_fallbacks ?? false,
      }
    },

    async *answer(exchange, streamed) {
      const answer = exchange.cached?.answer ?? noAnswer()
      const { timeoutMs, dailyTokens } = config.chat
      const { disableFallbacks, tokensToday, caller } = exchange
      const { signal, mayAct } = caller
      const tokensSpent = dailyTokens !== null && tokensToday >= dailyTokens
      const decision: ModelChoice = exchange.cached
        ? { providers: exchange.cached.providers, note: null }
        : await rotation.decide({ mayAct, tokensSpent, disableFallbacks })
      try {
        if (exchange.cached) yield* replay(answer)
        else {
          const { deadlineAt, question } = exchange
          const silenceMs = Math.max(1000, timeoutMs * 0.4)
          const rules = { deadlineAt, streamed, silenceMs, disableFallbacks, tokensSpent, signal, mayAct }
          const chain = { clock, metrics, providers: decision.providers, states, tracing }
          yield* answerChain(chain, question, answer, rules)
        }
      } catch (error) {
        if (answer.text !== '') await conclude(exchange, answer, decision, 'interrupted')
        throw error
      } finally {
        states.probeDue(providers())
      }
      const envelope = await conclude(exchange, answer, decision, answer.broken ? 'interrupted' : undefined)
      yield answer.broken ? { kind: 'broken', answer } : { kind: 'done', envelope }
    },
  }
}

/** Null for an answer of a provider that is gone. */
function fromCache(
  providers: readonly Provider[],
  { provider: itsName, ...said }: CachedAnswer,
): OpenExchange['cached'] {
  const provider = providers.find(({ name }) => name === itsName)
  return provider ? { answer: { ...noAnswer(), ...said, provider }, providers } : null
}

function* replay({ provider, reasoning, text, attempts }: Answer): Generator<ChainEvent> {
  if (provider) yield { kind: 'start', provider, attempts }
  if (reasoning) yield { kind: 'reasoning', text: reasoning }
  yield { kind: 'token', text }
}
